package command_lists_test

import data.authz

lists := {
	"viewers": {"radkit/command": {"allow": ["show version", "Show IP Route", "ping"], "deny": ["show ip route vrf"]}},
	"engineers": {"radkit/command": {"deny": ["show running-config", "show tech"]}},
	"others": {"radkit/command": {"allow": ["show vlan"]}},
}

roles := {role: {"radkit": ["read", "execute"]} | some role in ["viewers", "engineers", "others", "free"]}

running(groups, arguments) := {
	"groups": groups, "resource": "radkit", "action": "execute",
	"context": {"object": "command", "arguments": arguments},
}

decided(request) := decision if {
	decision := authz.decision with input as request with data.commands as lists with data.roles as roles
}

may_run(groups, commands) if decided(running(groups, {"commands": commands, "devices": ["x"]})).allow

test_an_allow_list_is_all_that_may_be_run if {
	may_run(["viewers"], ["show version", "SHOW IP ROUTE 10.0.0.0", "show version | include uptime", "ping 10.0.0.1"])
	every command in [
		"show vlan", "show", "", "sh version", "show ver", "show versions", "show ip", "show ipv6 route",
		"show ip route vrf X", "show ip route v", " show  version", "reload",
	] {
		not may_run(["viewers"], [command])
		not may_run(["viewers"], ["show version", command])
	}
}

test_a_deny_list_knows_shortened_words if {
	may_run(["engineers"], ["show version", "show ip route", "show interfaces"])
	every command in [
		"show running-config", "sh run", "show run|include x", "SH RUNN interface Te1/1/1", "show tech-support",
		"show tec", "show  running-config", "s r",
	] {
		not may_run(["engineers"], [command])
	}
}

test_of_several_roles_each_command_needs_one if {
	may_run(["viewers", "others"], ["show version", "show vlan"])
	not may_run(["viewers"], ["show version", "show vlan"])
	may_run(["viewers", "free"], ["show running-config"])
}

test_an_answer_that_looked_at_the_commands_does_not_say_it_holds_for_all if {
	every groups in [["viewers"], ["engineers"], ["engineers", "others"]] {
		not decided(running(groups, {"commands": ["show version"]})).regardless_of
		not decided(running(groups, {"commands": ["show running-config"]})).regardless_of
		not decided(running(groups, null)).regardless_of
	}
	decided(running(["free", "viewers"], {"commands": ["x"]})).regardless_of == ["arguments"]
}

test_a_list_of_tools_shows_what_some_command_would_reach if {
	decided(running(["viewers"], null)).allow
	decided(object.remove(running(["viewers"], null), ["context"])).allow == false
	decided(object.union(running(["viewers"], null), {"context": {"object": "command"}})).allow
}

test_without_a_proper_list_of_commands_none_is_run if {
	every arguments in [
		{}, [], "show version", 1, true, {"commands": null}, {"commands": []}, {"commands": "show version"},
		{"commands": {"0": "show version"}}, {"commands": [1]}, {"commands": ["show version", null]},
		{"commands": [["show version"]]}, {"command": ["show version"]}, [{"commands": ["show version"]}],
	] {
		refused := decided(running(["viewers"], arguments))
		refused.allow == false
		not refused.regardless_of
	}
}

test_a_list_with_a_slip_in_it_allows_nothing if {
	every list in [
		{}, [], null, "show version", {"alow": ["show version"]}, {"allow": "show version"}, {"allow": null},
		{"deny": null}, {"deny": "show"}, {"allow": ["show version"], "x": 1}, {"allow": [1]}, false,
	] {
		request := running(["viewers"], {"commands": ["show version"]})
		slip := {"viewers": {"radkit/command": list}}
		refused := authz.decision with input as request with data.commands as slip with data.roles as roles
		refused.allow == false
	}
}

test_without_the_lists_no_command_is_run if {
	request := running(["free"], {"commands": ["show version"]})
	not authz.allow with input as request with data.commands as null with data.roles as roles
}

test_the_lists_are_of_one_object_and_one_action if {
	every pair in [["command", "read"], ["device", "execute"], [null, "execute"]] {
		request := {
			"groups": ["viewers"], "resource": "radkit", "action": pair[1],
			"context": {"object": pair[0], "arguments": {}},
		}
		decided(request).regardless_of == ["arguments"]
	}
}

test_a_refusal_says_what_may_be_run if {
	decided(running(["others"], {"commands": ["reload"]})).reason == concat(" ", [
		"Not all of these commands may be run by others.",
		"Allowed, written in full: show vlan.",
	])
	decided(running(["engineers"], {"commands": ["sh run"]})).reason == concat(" ", [
		"Not all of these commands may be run by engineers.",
		"An administrator knows which are denied.",
	])
}

test_the_lists_that_ship_are_of_roles_with_that_right_and_without_a_slip if {
	every role, scopes in data.commands {
		every scope, list in scopes {
			"execute" in data.roles[role][scope]
			every pattern in array.concat(object.get(list, "allow", []), object.get(list, "deny", [])) {
				pattern == lower(pattern)
			}
			object.keys(list) - {"allow", "deny"} == set()
		}
	}
}
