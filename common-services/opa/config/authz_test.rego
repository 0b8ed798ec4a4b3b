package authz_test

import data.authz

actions := ["read", "write", "execute"]

# Everything each role may do, object by object; whatever is not here must be refused.
matrix := {
	"admin": {resource: actions | some resource in [
		"catalyst-center", "servicenow", "servicenow/change", "servicenow/approval", "github", "github/pull-request",
		"github/review", "radkit", "workflows", "workflows/approval", "rest-api-proxy",
	]},
	"network-engineers": {
		"catalyst-center": ["read", "write", "execute"],
		"radkit": ["read", "execute"],
		"servicenow": ["read"],
		"servicenow/change": ["read", "write"],
		"workflows": ["read", "execute"],
		"rest-api-proxy": ["read", "write", "execute"],
	},
	"network-viewers": {
		"catalyst-center": ["read"],
		"radkit": ["read"],
		"rest-api-proxy": ["read", "write", "execute"],
	},
	"service-desk": {
		"servicenow": ["read", "write", "execute"],
		"servicenow/change": ["read", "write", "execute"],
		"catalyst-center": ["read"],
		"rest-api-proxy": ["read", "write", "execute"],
	},
	"developers": {
		"github": ["read", "write", "execute"],
		"github/pull-request": ["read", "write", "execute"],
		"github/review": ["read", "write", "execute"],
		"rest-api-proxy": ["read", "write", "execute"],
	},
	"change-managers": {
		"servicenow": ["read", "write"],
		"servicenow/change": ["read", "write"],
		"servicenow/approval": ["read", "write", "execute"],
		"github/pull-request": ["read", "execute"],
		"github/review": ["execute"],
		"catalyst-center": ["read"],
		"workflows": ["read"],
		"workflows/approval": ["read", "execute"],
		"rest-api-proxy": ["read", "write", "execute"],
	},
	"strangers": {},
}

request_to(group, scope, action) := {
	"groups": [group],
	"resource": resource_of(scope),
	"action": action,
	"context": {"object": object_of(scope)},
}

resource_of(scope) := split(scope, "/")[0]

object_of(scope) := split(scope, "/")[1] if {
	contains(scope, "/")
} else := null

asked(request) := decision if {
	decision := authz.decision with input as request
}

test_the_matrix_holds_both_ways if {
	every group, rights in matrix {
		every scope, _ in matrix.admin {
			every action in actions {
				expected := action in object.get(rights, scope, [])
				asked(request_to(group, scope, action)).allow == expected
			}
		}
	}
}

test_allow_is_the_decision_as_a_boolean if {
	authz.allow with input as request_to("developers", "github", "write")
	not authz.allow with input as request_to("developers", "radkit", "write")
	authz.allow == false
}

test_without_input_the_answer_is_no if {
	authz.decision == {"allow": false, "reason": "Malformed request to the policy: it must be an object."}
}

test_a_grant_names_the_groups_it_rests_on if {
	request := {
		"groups": ["staff", "service-desk", "network-engineers"],
		"resource": "catalyst-center", "action": "read", "context": {},
	}
	asked(request) == {
		"allow": true,
		"reason": "Granted to network-engineers, service-desk.",
		"regardless_of": ["arguments"],
	}
}

test_a_refusal_names_the_groups_to_ask_for if {
	asked(request_to("developers", "catalyst-center", "read")).reason == concat(" ", [
		"None of your groups grants catalyst-center:read.",
		"Granted to: change-managers, network-engineers, network-viewers, service-desk.",
	])
	asked(request_to("network-engineers", "workflows/approval", "execute")).reason == concat(" ", [
		"None of your groups grants workflows/approval:execute.",
		"Granted to: change-managers.",
	])
}

test_a_right_of_administrators_alone_is_called_that if {
	refused := asked(request_to("network-engineers", "radkit", "write"))
	refused.reason == "None of your groups grants radkit:write. Only an administrator has it."
}

test_a_caller_without_a_role_learns_no_group if {
	every groups in [[], ["strangers"]] {
		refused := asked({"groups": groups, "resource": "github", "action": "read", "context": {}})
		refused.reason == "You are in no group that has a role on this platform. Ask its administrators for one."
	}
}

test_what_the_platform_does_not_have_is_refused_to_everybody if {
	every pair in [["printers", "read"], ["github", "delete"], ["*", "read"], ["github", "*"], ["", ""]] {
		refused := asked({"groups": ["admin"], "resource": pair[0], "action": pair[1], "context": {}})
		refused == {"allow": false, "reason": "This platform has no such resource or action."}
	}
}

test_malformed_requests_are_refused_and_the_flaw_is_named if {
	good := request_to("admin", "github", "read")
	flaws := {
		"it must be an object.": [null, 1, "admin", [], [good]],
		"groups must be a list of strings.": [
			{}, object.remove(good, ["groups"]), object.union(good, {"groups": "admin"}),
			object.union(good, {"groups": null}), object.union(good, {"groups": ["admin", 7]}),
			object.union(good, {"groups": {"admin": true}}), object.union(good, {"groups": [["admin"]]}),
		],
		"resource must be a string.": [object.remove(good, ["resource"]), object.union(good, {"resource": 1})],
		"action must be a string.": [object.remove(good, ["action"]), object.union(good, {"action": ["read"]})],
		"context must be an object.": [object.remove(good, ["context"]), object.union(good, {"context": null})],
		"context.object must be a name or null.": [
			object.union(good, {"context": {"object": 1}}), object.union(good, {"context": {"object": ""}}),
			object.union(good, {"context": {"object": "a/b"}}), object.union(good, {"context": {"object": ["a"]}}),
			object.union(good, {"context": {"object": false}}), object.union(good, {"context": {"object": "a\n"}}),
		],
	}
	every flaw, requests in flaws {
		every request in requests {
			asked(request) == {"allow": false, "reason": concat("", ["Malformed request to the policy: ", flaw])}
		}
	}
}

test_a_batch_gets_one_decision_each_in_order if {
	requests := [
		request_to("developers", "github", "read"), 1, {},
		request_to("developers", "radkit", "read"), request_to("developers", "github", "write"),
	]
	answers := authz.decisions with input as {"requests": requests}
	[answer.allow | some answer in answers] == [true, false, false, false, true]
	answers[1] == asked(1)
}

test_a_batch_that_is_none_gets_no_decision if {
	every batch in [{}, {"requests": null}, {"requests": "all"}, null] {
		count(authz.decisions) == 0 with input as batch
	}
}

test_without_data_nobody_may_do_anything if {
	refused := authz.decision with input as request_to("admin", "github", "read") with data.roles as {}
	refused.allow == false
	unknown := authz.decision with input as request_to("admin", "github", "read") with data.resources as {}
	unknown.allow == false
}

test_without_the_list_of_reserved_objects_all_are if {
	request := request_to("network-engineers", "catalyst-center/template", "write")
	authz.allow with input as request
	not authz.allow with input as request with data.reserved as false
}

test_every_grant_names_what_the_platform_has if {
	every _, rights in data.roles {
		every scope, granted in rights {
			known := object.get(data.resources, resource_of(scope), actions)
			every action in granted {
				action in known
			}
			resource_of(scope) in (object.keys(data.resources) | {"*"})
		}
	}
	every scope in data.reserved {
		data.resources[resource_of(scope)]
	}
}

test_whoever_has_tools_behind_the_proxy_may_use_it if {
	every role, _ in data.roles {
		asked(request_to(role, "rest-api-proxy", "execute")).allow
	}
}
