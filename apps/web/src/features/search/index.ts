export { LazySearchPage } from "./lazy-search-page.ts";
