export { LazyPeoplePage } from "./lazy-people-page.ts";
export { PeopleLink } from "./people-link.tsx";
export { type PeopleSection, parsePeoplePath, peoplePath } from "./people-path.ts";
export { PeoplePicker } from "./people-picker.tsx";
export { LazyProfileCard, ProfileContext, useShowProfile } from "./show-profile.ts";
export { usePeopleSearch } from "./use-people-search.ts";
