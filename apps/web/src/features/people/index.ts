export { PeoplePicker } from "./people-picker.tsx";
