# Which commands a role may run on devices: narrows a grant on an object named `command`, for the action `execute`,
# where data.yaml has a list for the role. Whatever the lists say, a service sends nothing that does more than read.
package authz

# Roles whose grant covers every command, for this request: what is sent need not be looked at.
unlimited(_, request) if not runs_commands(request)

unlimited(roles, request) if {
	is_object(data.commands)
	some role in roles
	not listed(role, request)
}

runs_commands(request) if {
	request.action == "execute"
	request.context.object == "command"
}

listed(role, request) if {
	some scope, _ in data.commands[role]
	scope == commanded(request)
}

commanded(request) := concat("/", [request.resource, request.context.object])

# Asked for no call in particular, as when a service lists its tools.
no_call(request) if is_null(object.get(request.context, "arguments", null))

# Each of the commands is one that some of the roles may run. Without a proper list of commands, none is.
all_within(roles, request) if {
	commands := request.context.arguments.commands
	is_array(commands)
	count(commands) > 0
	every command in commands {
		within_one(roles, request, command)
	}
}

within_one(roles, request, command) if {
	is_string(command)
	some role in roles
	within(data.commands[role][commanded(request)], words(command))
}

within(list, spoken) if {
	sound(list)
	allowed(list, spoken)
	not denied(list, spoken)
}

# A list with a slip in it allows nothing.
sound(list) if {
	count(list) > 0
	count(object.remove(list, ["allow", "deny"])) == 0
	is_array(object.get(list, "allow", []))
	is_array(object.get(list, "deny", []))
}

allowed(list, _) if not list.allow

# In full: "show ip" must not pass for a beginning of "show ipv6".
allowed(list, spoken) if {
	some pattern in list.allow
	array.slice(spoken, 0, count(words(pattern))) == words(pattern)
}

denied(list, spoken) if {
	some pattern in list.deny
	meant := words(pattern)
	count(spoken) >= count(meant)
	every place, word in meant {
		could_be(spoken[place], word)
	}
}

# Either may be shortened: "sh run" is denied by "show running-config".
could_be(one, other) if startswith(one, other)

could_be(one, other) if startswith(other, one)

# What stands behind a bar only chooses lines.
words(command) := split(trim_space(split(lower(command), "|")[0]), " ")

allowed_commands(roles, request) := concat("", ["Allowed, written in full: ", concat(", ", patterns), "."]) if {
	patterns := sort([pattern | some role in roles; some pattern in allow_list(role, request); is_string(pattern)])
	count(patterns) > 0
} else := "An administrator knows which are denied."

allow_list(role, request) := data.commands[role][commanded(request)].allow
