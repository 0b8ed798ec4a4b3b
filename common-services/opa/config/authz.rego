# METADATA
# title: Who may call which tool
# description: |
#   Asked at /v1/data/authz/allow (a boolean), /v1/data/authz/decision ({allow, reason}) with
#   {groups, resource, action, context}, and at /v1/data/authz/decisions with {"requests": [...]} for one decision each.
#   There is always an answer, and whatever is not granted in data.yaml is refused.
package authz

default allow := false

allow if decision.allow

default decision := {"allow": false, "reason": "Malformed request to the policy: it must be an object."}

decision := verdict(input)

decisions := [verdict(request) | some request in input.requests]

verdict(request) := refusal(reason) if {
	reason := flaw(request)
} else := refusal("This platform has no such resource or action.") if {
	not known(request)
} else := judgement(request, roles_of(request))

judgement(request, roles) := granted_within_lists(granting, request) if {
	granting := [role | some role in roles; grants(role, request)]
	count(granting) > 0
} else := whatever_the_arguments(refusal(reason)) if {
	reason := "You are in no group that has a role on this platform. Ask its administrators for one."
	count(roles) == 0
} else := whatever_the_arguments(refusal(reason)) if {
	reason := concat("", ["None of your groups grants ", permission(request), ". ", advice(request)])
}

granted_within_lists(roles, request) := whatever_the_arguments(granted(roles)) if {
	unlimited(roles, request)
} else := granted(roles) if {
	no_call(request)
} else := granted(roles) if {
	all_within(roles, request)
} else := refusal(reason) if {
	said := "Not all of these commands may be run by "
	reason := concat("", [said, concat(", ", roles), ". ", allowed_commands(roles, request)])
}

granted(roles) := {"allow": true, "reason": concat("", ["Granted to ", concat(", ", roles), "."])}

refusal(reason) := {"allow": false, "reason": reason}

# Only the lists of commands look at a tool's arguments. Saying of the other answers that they do not lets a service
# remember them for all arguments; a rule that does look at them must answer without this.
whatever_the_arguments(answer) := object.union(answer, {"regardless_of": ["arguments"]})

# A flaw is named without repeating what was sent. Each check takes the whole request: where the argument of a negated
# call is undefined, OPA skips the rule, and the flaw would go unnoticed.
flaw(request) := "Malformed request to the policy: it must be an object." if {
	not is_object(request)
} else := "Malformed request to the policy: groups must be a list of strings." if {
	not lists_groups(request)
} else := "Malformed request to the policy: resource must be a string." if {
	not names_resource(request)
} else := "Malformed request to the policy: action must be a string." if {
	not names_action(request)
} else := "Malformed request to the policy: context must be an object." if {
	not has_context(request)
} else := "Malformed request to the policy: context.object must be a name or null." if {
	not object_named(request)
}

lists_groups(request) if {
	is_array(request.groups)
	every group in request.groups {
		is_string(group)
	}
}

names_resource(request) if is_string(request.resource)

names_action(request) if is_string(request.action)

has_context(request) if is_object(request.context)

# context.object is a name, or null or absent where the permission has no finer object.
object_named(request) if is_null(object.get(request.context, "object", null))

object_named(request) if regex.match(`^[a-z][a-z0-9_-]*$`, request.context.object)

known(request) if request.action in data.resources[request.resource]

roles_of(request) := sort({group | some group in request.groups; data.roles[group]})

grants(role, request) if request.action in data.roles[role]["*"]

grants(role, request) if {
	request.action in data.roles[role][request.resource]
	not reserved(request)
}

grants(role, request) if request.action in data.roles[role][fine(request)]

reserved(request) if fine(request) in data.reserved

# Without the list every object is reserved.
reserved(request) if {
	fine(request)
	not data.reserved
}

# resource/object; undefined where the permission has no finer object.
fine(request) := concat("/", [request.resource, request.context.object])

permission(request) := concat(":", [fine(request), request.action]) if {
	fine(request)
} else := concat(":", [request.resource, request.action])

# Which group to ask for; who holds the right to everything is not advertised.
advice(request) := concat("", ["Granted to: ", concat(", ", granting), "."]) if {
	granting := sort({role | some role in limited_roles; grants(role, request)})
	count(granting) > 0
} else := "Only an administrator has it."

limited_roles contains role if {
	some role, rights in data.roles
	not rights["*"]
}
