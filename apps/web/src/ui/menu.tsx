import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

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
          <Base.Popup className="min-w-52 rounded-medium border border-line bg-raised p-1 shadow-floating outline-none transition duration-100 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const itemClass =
  "flex min-h-9 w-full select-none items-center gap-2.5 rounded-small px-2.5 text-small outline-none data-highlighted:bg-hover";

export function MenuItem({ onSelect, children }: { readonly onSelect: () => void; readonly children: ReactNode }) {
  return (
    <Base.Item onClick={onSelect} className={itemClass}>
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
