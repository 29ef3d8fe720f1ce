import { attackContract } from "./attack-contract.ts";

attackContract("node:http under Bun");
