"""Preview and deployment of templates. The id of a deployment is a piece of text to be parsed."""

from starlette.requests import Request
from starlette.responses import Response

from simulators.catalyst_center.answers import accepted, bad_request, bare, json_object, not_found
from simulators.catalyst_center.controller import account_of, controller_of
from simulators.catalyst_center.deploy_request import Plan, find_device, plan
from simulators.catalyst_center.deployment_store import Deployment
from simulators.catalyst_center.gateway import guarded
from simulators.catalyst_center.push import push
from simulators.catalyst_center.rendering import render
from simulators.catalyst_center.templates import V1, V2


async def preview(request: Request) -> Response:
    """Renders and changes nothing. What is wrong with the params is in the answer, which is a 200."""
    controller, body = controller_of(request), await json_object(request)
    text = controller.templates.find(str(body.get("templateId") or ""))
    if text is None:
        raise not_found("template", str(body.get("templateId") or ""))
    device = find_device(controller, "MANAGED_DEVICE_UUID", str(body.get("deviceId") or ""))
    if device is None:
        raise not_found("network device", str(body.get("deviceId") or ""))
    params = body.get("params") or {}
    if not isinstance(params, dict):
        raise bad_request("params is an object")
    rendered = render(text, device, params)
    errors = [{"type": "TEMPLATE_ERROR", "lineNumber": None, "message": problem} for problem in rendered.problems]
    answer = {"cliPreview": rendered.cli, "templateId": text.id, "deviceId": device.id, "validationErrors": errors}
    return bare(answer)


async def deploy(request: Request) -> Response:
    """v1: everything in one text, at once."""
    controller = controller_of(request)
    controller.deployments.posts += 1
    made = plan(controller, await json_object(request))
    if made.problems:
        text = f"Template {made.text.id}: {'; '.join(made.problems)}. Hence, not deploying the template"
    elif not made.targets:
        text = _nothing_to_do(made)
    else:
        text = _named(request, made, _begin(request, made, controller.clock()))
    return bare({"deploymentId": text, "startTime": "", "endTime": "", "duration": "0 seconds"})


async def deploy_v2(request: Request) -> Response:
    """v2: 202 and a task, whose progress names the deployment when it has ended."""
    controller, account = controller_of(request), account_of(request)
    controller.deployments.posts += 1
    made = plan(controller, await json_object(request))
    going = f"Going to deploy template with id {made.text.id}"
    if made.problems:
        reason = f"NCTP10073: {'; '.join(made.problems)}"
        task = controller.tasks.start(account, going=going, done=going, error_code="NCTP10073", failure_reason=reason)
    elif not made.targets:
        task = controller.tasks.start(account, going=going, done=_nothing_to_do(made))
    else:
        named_at = controller.clock() + controller.behaviour.task_seconds
        deployment = _begin(request, made, named_at)
        done = f"Template {controller.behaviour.spelling} Id: {deployment.id}"
        if controller.behaviour.failure_reason_in_progress:
            done += f" | failureReason: {_skipped(made)}"
        task = controller.tasks.start(account, going=going, done=done)
    return accepted(task.id)


def _begin(request: Request, made: Plan, named_at: float) -> Deployment:
    """Begins a deployment, another one for each request: nothing here knows that it was asked before."""
    name = made.text.template.name
    outcomes = [(target, push(name, target.device, target.cli)) for target in made.targets]
    store = controller_of(request).deployments
    return store.begin(made.text, outcomes, account=account_of(request), named_at=named_at, forced=made.forced)


def _skipped(made: Plan) -> str:
    return "; ".join(f"{key}: {reason}" for key, reason in made.not_applicable.items())


def _named(request: Request, made: Plan, deployment: Deployment) -> str:
    """Cisco's text, blanks and spelling included."""
    text = f"Deployment of  Template:{made.text.id}."
    if made.not_applicable:
        text += f"nonApplicableTargets: {{{', '.join(f'{k}={v}' for k, v in made.not_applicable.items())}}}"
    hosts = ", ".join(target.device.hostname for target in made.targets)
    return f"{text}ApplicableTargets: [{hosts}]Template {controller_of(request).behaviour.spelling} Id: {deployment.id}"


def _nothing_to_do(made: Plan) -> str:
    if made.already:
        hosts = ", ".join(target.device.hostname for target in made.already)
        return f"Template {made.text.id} is already deployed with same params on [{hosts}], hence not deploying"
    skipped = ", ".join(f"{key}={reason}" for key, reason in made.not_applicable.items())
    return f"nonApplicableTargets: {{{skipped}}}. Hence, not deploying the template {made.text.id}"


async def status(request: Request) -> Response:
    """A bare object; 404 for a moment after the id was named."""
    controller, key = controller_of(request), request.path_params["id"]
    deployment = controller.deployments.visible(key)
    if deployment is None:
        raise not_found("deployment", key)
    return bare(deployment.describe(controller.clock()))


routes = [
    guarded(f"{V1}/template/preview", preview, "PUT"),
    guarded(f"{V1}/template/deploy", deploy, "POST"),
    guarded(f"{V2}/template/deploy", deploy_v2, "POST"),
    guarded(f"{V1}/template/deploy/status/{{id}}", status),
]
