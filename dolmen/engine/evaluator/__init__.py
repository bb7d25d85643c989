"""Evaluates stacks in a process that is empty, closed in and reused.

The judging process never runs, imports or unpickles anything of a project. It starts an evaluator (`client`, `inside`),
which imports SDK packages and forks: a process for each side, which forks a child for each stack (`side`, `life`), and one
that judges a stack where its secrets still are (`judging`: a policy pack). Each answers the judging process itself, which
gives orders and passes files on (`run`).

    judge ──prepare──▶ evaluator ──fork──▶ side ──fork──▶ child of a stack: plan (JSON), observation (with secrets)
      ├──orders──▶ side                └─fork──▶ observers' process ──fork──▶ findings of a stack
      └──observations, unread──▶ observers' process
"""
