export { PersonAvatar } from "./person-avatar.tsx";
export { PictureField } from "./picture-field.tsx";
