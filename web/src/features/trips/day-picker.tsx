import { useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type Day, shiftDay } from "@/lib/days";
import { Button } from "@/ui/button";
import { controlClass } from "@/ui/form/field";

interface DayPickerProps {
  day: Day;
  today: Day;
  onDay: (day: Day) => void;
}

/** One day back, one on, or any. */
export function DayPicker({ day, today, onDay }: DayPickerProps) {
  const { t } = useLingui();
  return (
    <div className="flex items-center gap-1">
      <Button look="quiet" iconOnly aria-label={t`Day before`} onClick={() => onDay(shiftDay(day, -1))}>
        <ChevronLeft size={20} aria-hidden="true" />
      </Button>
      <input
        type="date"
        aria-label={t`Day`}
        value={day}
        max={today}
        onChange={(event) => event.target.value && onDay(event.target.value)}
        className={`${controlClass} w-38!`}
      />
      <Button
        look="quiet"
        iconOnly
        aria-label={t`Day after`}
        disabled={day >= today}
        onClick={() => onDay(shiftDay(day, 1))}
      >
        <ChevronRight size={20} aria-hidden="true" />
      </Button>
    </div>
  );
}
