# METADATA
# title: What OPA's own decision log leaves out
# description: Argument values never, as in the platform's audit trail; and the questions without input, by which the
#   services ask every second whether the policy has changed.
package system.log

mask contains "/input/context/arguments"

mask contains concat("/", ["/input/requests", format_int(position, 10), "context/arguments"]) if {
	some position, _ in input.input.requests
}

drop if not input.input
