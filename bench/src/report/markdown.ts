import type { Floor } from "../measure/floor.ts";
import type { Machine } from "../measure/machine.ts";
import { figure } from "./bar-chart.ts";

/** @param rows the first is the head; every cell but the first of a row is a figure */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = `|${head.map((_, index) => (index === 0 ? "---" : "---:")).join("|")}|`;
  return [line(head), rule, ...body.map(line)].join("\n");
}

export function describeMachine(date: string, machine: Machine): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `${date.slice(0, 10)}, ${machine.cores} cores (${machine.processor}), ${Math.round(machine.memoryBytes / 2 ** 30)} GiB, Linux ${machine.kernel}; ${versions.join(", ")}.
Load average when the run began: ${machine.load.toFixed(1)}. Where it is above the number of cores, others were at work: CPU and ratios hold, times do not.`;
}

export function describeFloor(floor: Floor | undefined): string {
  if (floor === undefined) return "There is no C compiler here, so the floor is not known.";
  const { oneAWrite, tenAWrite } = floor;
  return `The floor, a C program that sends 300 bytes to each of 1,000 loopback sockets, takes ${figure(oneAWrite.sender)} µs a message alone and ${figure(tenAWrite.sender)} µs with ten in a write (the kernel's receive path included).`;
}

/** How a target was met. */
export interface Judgement {
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

export function judgements(all: readonly Judgement[]): string {
  return table([
    ["Target", "Measured", ""],
    ...all.map(({ target, measured, met }) => [target, measured, met ? "met" : "**not met**"]),
  ]);
}
