from typing import Any

import pytest

from simulators.catalyst_center import velocity
from simulators.catalyst_center.params import resolve
from simulators.catalyst_center.rendering import render
from simulators.catalyst_center.template_store import Text
from simulators.catalyst_center.velocity_expressions import TemplateFault, evaluate
from simulators.world import build_world
from simulators.world.models import Language, Template, TemplateParam

WORLD = build_world()
SWITCH = WORLD.device_named("zrh01-f01-acc-01")
VALUES: dict[str, Any] = {
    "name": "core",
    "vlan": "20",
    "on": True,
    "hosts": ["a", "b", "c"],
    "device": {"role": "CORE"},
}


def text(language: Language, content: str, *params: TemplateParam) -> Text:
    template = Template("id", "t", "p", "P", language, "", "ada", 0, 0, content, params, ())
    return Text(template, None)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("hostname $name", "hostname core"),
        ("${name}-1 $!{missing}$!missing|$missing", "core-1 |$missing"),
        ("$device.role $hosts.size() $on", "CORE 3 true"),
        ("a\n#if( $vlan == 20 )\nb\n#end\nc\n", "a\nb\nc\n"),
        ("x #if($name == 'edge')1#{else}2#end y\nz", "x 2 y\nz"),
        ("#if(!$on)a#elseif($vlan > 10 && $vlan <= 20)b#{else}c#end", "b"),
        ("#foreach( $h in $hosts )\n$foreach.count:$h#if($foreach.hasNext),#end\n#end", "1:a,\n2:b,\n3:c\n"),
        ("#foreach($i in [1..3])$i#end$!i", "123"),
        ("#foreach($i in ['x', 'y'])$velocityCount$i #end", "1x 2y "),
        ("#set( $n = 10 )\n#set($n = $n + 5 * 2)\n$n", "20"),
        ('#set($s = "a" + $name)$s', "acore"),
        ("  ## nothing but a comment\nline ## and its end\n", "line \n"),
        ("#foreach($h in $missing)x#end", ""),
        ("#if($missing == $null || ($vlan % 2 == 0 and $on))yes#end", "yes"),
        ("#if(-1 < 0 && 7 / 2 == 3 && $vlan - 1 ne 20)yes#end", "yes"),
        ("password 7 $1$abc ip#7", "password 7 $1$abc ip#7"),
    ],
)
def test_velocity_is_rendered_as_velocity_renders(source: str, expected: str) -> None:
    assert velocity.render(source, VALUES) == expected


@pytest.mark.parametrize(
    "source",
    [
        "#if($a)",
        "#end",
        "#if($a b)#end",
        "#foreach($a)#end",
        "#set($a)",
        "#if(($a)#end",
        "#set($a = 1 / 0)",
        "#set($a = 'x' - 1)",
        "#set($a = [1 2])",
        "#set($a = )",
        "#set($a = (1)",
        "#foreach($a in [1..9999])#foreach($b in [1..9999])x#end#end",
        "#if(true)" * 60,
    ],
)
def test_velocity_that_cannot_be_rendered_says_so(source: str) -> None:
    with pytest.raises(TemplateFault):
        velocity.render(source, VALUES)


def test_an_expression_has_velocitys_precedence() -> None:
    assert evaluate("1 + 2 * 3 == 7 && !false", {}) is True
    assert evaluate("(1 + 2) * 3", {}) == 9


def test_what_the_controllers_jinja_does_not_know_is_a_syntax_error() -> None:
    rendered = render(text("JINJA", "{% if 1 not in [2] %}x{% endif %}"), SWITCH, {})
    assert rendered.cli == ""
    assert rendered.problems[0].startswith("NCTP10073")
    assert render(text("JINJA", "{% if not 1 in [2] %}x{% endif %}"), SWITCH, {}).cli == "x"


@pytest.mark.parametrize(
    "content", ["{{ ''.__class__.__mro__ }}", "{% for x in %}", "{{ 1 / 0 }}", "{{ 'a' + 1 }}", "{{ range(10 ** 9) }}"]
)
def test_a_template_that_misbehaves_is_a_problem_of_the_template(content: str) -> None:
    assert render(text("JINJA", content), SWITCH, {}).problems


def test_a_template_may_ask_what_device_it_is_for() -> None:
    assert render(text("JINJA", "{{ __device.hostname }}"), SWITCH, {}).cli == SWITCH.hostname
    assert render(text("VELOCITY", "$__device.managementIpAddress"), SWITCH, {}).cli == SWITCH.management_ip


@pytest.mark.parametrize(
    ("param", "value", "good"),
    [
        (TemplateParam("p", "INTEGER"), "12", True),
        (TemplateParam("p", "INTEGER"), "1.5", False),
        (TemplateParam("p", "IPADDRESS"), "2001:db8::1", True),
        (TemplateParam("p", "IPADDRESS"), "10.0.0.256", False),
        (TemplateParam("p", "MACADDRESS"), "0011.2233.4455", True),
        (TemplateParam("p", "MACADDRESS"), "0011", False),
        (TemplateParam("p", choices=("a", "b")), "c", False),
        (TemplateParam("p", "INTEGER", minimum=1, maximum=3), 4, False),
        (TemplateParam("p", "IPADDRESS", many=True), "10.0.0.1, 10.0.0.2", True),
        (TemplateParam("p", "IPADDRESS", many=True), ["10.0.0.1", "x"], False),
    ],
)
def test_a_value_is_checked_against_its_type(param: TemplateParam, value: object, good: bool) -> None:
    assert (resolve([param], {"p": value})[1] == []) is good


def test_a_default_stands_in_and_an_optional_param_may_be_missing() -> None:
    params = [TemplateParam("a", default="1"), TemplateParam("b", required=False), TemplateParam("c")]
    values, problems = resolve(params, {"extra": "kept"})
    assert values == {"a": "1", "extra": "kept"}
    assert problems == ["Value for the required param 'c' is not provided"]
