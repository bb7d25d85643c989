"""Evaluates stacks in a process that is empty, closed in and reused.

The judging process never runs, imports or unpickles anything of a project. It starts an evaluator (`client`) and asks it
for stacks; the evaluator (`inside`) imports SDK packages, forks a child for each stack (`life`), and answers with files
that hold typed JSON. What judges a stack where its secrets still are (a policy pack) runs in processes of its own, which
were forked before any program (`judging`).

    judge ──orders──▶ evaluator ──fork──▶ child of a stack: plan (JSON), observation (with secrets)
      ▲                  └──fork──▶ observers' process ◀── observation
      └── plan of each stack, findings of each stack
"""
