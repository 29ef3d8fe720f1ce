import { Check, CheckCheck, Clock } from "lucide-react";
import { classNames } from "../../ui/class-names.ts";
import { type Delivery, describeDelivery } from "./delivery.ts";

/** One tick: stored; two: delivered; two in colour: read. */
export function DeliveryMark({ delivery }: { readonly delivery: Delivery }) {
  const { status } = delivery;
  const words = describeDelivery(delivery);
  const Icon = { sending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck }[status];
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className={classNames("mb-1 shrink-0", status === "read" ? "text-accent" : "text-faint")}
    >
      <Icon size={14} />
    </span>
  );
}
