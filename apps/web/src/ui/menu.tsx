import { Menu as Base } from "@base-ui/react/menu";
import { Check, ChevronRight } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import type { MenuAnchor } from "./menu-anchor.ts";

const popupClass =
  "max-w-80 min-w-52 rounded-medium border border-line bg-raised p-1 shadow-floating outline-none transition duration-100 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0";

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}

export function Menu({ trigger, isOpenAtFirst = false, children }: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen={isOpenAtFirst}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-20 outline-none">
          <Base.Popup className={popupClass}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface AnchoredMenuProps {
  readonly at: MenuAnchor;
  readonly onClose: () => void;
  readonly label: string;
  readonly children: ReactNode;
}

/** A menu that is open for as long as it is there. */
export function AnchoredMenu({ at: { place, opener }, onClose, label, children }: AnchoredMenuProps) {
  return (
    <Base.Root modal={false} open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={place} sideOffset={4} align="start" className="z-20 outline-none">
          <Base.Popup aria-label={label} finalFocus={() => opener} className={popupClass}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface SubMenuProps {
  readonly label: ReactNode;
  readonly children: ReactNode;
}

/** Opens to the side of its line. */
export function SubMenu({ label, children }: SubMenuProps) {
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className={`${itemClass} data-popup-open:bg-hover`}>
        {label}
        <ChevronRight size={15} aria-hidden="true" className="ml-auto text-faint" />
      </Base.SubmenuTrigger>
      <Base.Portal>
        <Base.Positioner alignOffset={-4} className="z-20 outline-none">
          <Base.Popup className={popupClass}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  );
}

const itemClass =
  "flex min-h-9 w-full select-none items-center gap-2.5 rounded-small px-2.5 text-small outline-none data-highlighted:bg-hover";

interface MenuItemProps {
  readonly onSelect: () => void;
  /** Whether the menu closes with it; else whoever opened it does that. */
  readonly closes?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, closes = true, children }: MenuItemProps) {
  return (
    <Base.Item onClick={onSelect} closeOnClick={closes} className={itemClass}>
      {children}
    </Base.Item>
  );
}

export function MenuHeading({ children }: { readonly children: ReactNode }) {
  return <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-caption text-faint">{children}</Base.GroupLabel>;
}

export const MenuGroup = Base.Group;

export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
}

interface MenuChoiceProps<Value extends string> {
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly icon: ReactNode }[];
  readonly onChange: (value: Value) => void;
}

/** One of several, ticked. */
export function MenuChoice<Value extends string>({ value, choices, onChange }: MenuChoiceProps<Value>) {
  return (
    <Base.RadioGroup value={value}>
      {choices.map((choice) => (
        <Base.RadioItem
          key={choice.value}
          value={choice.value}
          closeOnClick={false}
          onClick={() => onChange(choice.value)}
          className={itemClass}
        >
          {choice.icon}
          <span className="flex-1">{choice.label}</span>
          <Base.RadioItemIndicator>
            <Check size={16} />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}
