package system.log_test

import data.system.log

test_argument_values_are_masked_in_single_questions_and_batches if {
	"/input/context/arguments" in log.mask
	masked := log.mask with input as {"input": {"requests": [{}, {}]}}
	masked == {
		"/input/context/arguments",
		"/input/requests/0/context/arguments",
		"/input/requests/1/context/arguments",
	}
}

test_only_questions_without_input_are_left_out if {
	log.drop with input as {"path": "authz/decision"}
	not log.drop with input as {"path": "authz/decision", "input": {"groups": []}}
}
