import { attackContract } from "./attack-contract.ts";

attackContract("Node");
