import type { Plan } from "./plan.ts";
import type { Outcome } from "./replay.ts";

/** Whether every line of the log is where it should be, once and in order. */
export function isFaithful(outcome: Outcome, plan: Plan): boolean {
  const { message, action } = plan.counts;
  return (
    plan.unknown.length === 0 &&
    outcome.sent === message + action &&
    outcome.copies.every((copy) => copy.difference === undefined) &&
    outcome.search.missed.length === 0
  );
}

/** What was replayed and what came of it, for people. */
export function summarise(outcome: Outcome, plan: Plan): string {
  const { counts } = plan;
  const seconds = outcome.duration / 1000;
  const read = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  const answers = plan.steps.flatMap((step) =>
    step.kind === "send" && step.answer !== undefined ? [step.answer] : [],
  );
  const quoted = answers.filter(({ thread }) => thread === undefined).length;
  const threaded = answers.length - quoted;
  const threads = new Set(answers.flatMap(({ thread }) => thread ?? []));
  const lines = counts.message + counts.action;
  const equal = [
    `${lines} lines in`,
    `${outcome.sent} sent`,
    ...outcome.copies.map((copy) => `${copy.lines} ${copy.name}`),
  ];
  return [
    `Read: ${read.join(", ")}.`,
    `Accounts: ${plan.accounts.length}, of whom ${plan.accounts.filter((account) => account.speaks).length} speak.`,
    `${isFaithful(outcome, plan) ? "Faithful" : "DIFFERENT"}: ${equal.join(" = ")}.`,
    ...outcome.copies.flatMap((copy) =>
      copy.difference === undefined ? [] : [`What is ${copy.name} ${copy.difference}`],
    ),
    `Answers: ${quoted} quoted in the channel, ${threaded} in ${threads.size} threads.`,
    `Search: ${outcome.search.asked - outcome.search.missed.length} of ${outcome.search.asked} lines found by their words.`,
    ...outcome.search.missed.map((at) => `Not found: ${at}`),
    ...plan.unknown.map((at) => `Not understood: ${at}`),
    `Time: ${seconds.toFixed(1)} s, ${Math.round(outcome.sent / seconds)} lines/s.`,
  ].join("\n");
}
