export { exportOwnDataOperation } from "./export-own-data.ts";
