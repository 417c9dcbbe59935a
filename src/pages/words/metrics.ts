// What is counted of a person: the metrics that every organization has, by the names of their params.
import { area } from "./speak.tsx";

/** The English stands here for translators; a page in English shows what the criterion says of itself. */
export const METRIC_WORDS = area(
  {
    metric_activity_count:
      "{days, plural, =0 {activities} one {activities in the last day} other {activities in the last # days}}",
    metric_activity_hours:
      "{days, plural, =0 {hours of activity} one {hours of activity in the last day} other {hours of activity in the last # days}}",
    metric_training_completion:
      "{days, plural, =0 {completed trainings} one {completed trainings in the last day} other {completed trainings in the last # days}}",
    metric_recruiting_milestone:
      "{days, plural, =0 {confirmed recruits} one {confirmed recruits in the last day} other {confirmed recruits in the last # days}}",
    metric_streak_days:
      "{days, plural, =0 {days in a row with an activity} one {days in a row with an activity, in the last day} other {days in a row with an activity, in the last # days}}",
    metric_streak_weeks:
      "{days, plural, =0 {weeks in a row with an activity} one {weeks in a row with an activity, in the last day} other {weeks in a row with an activity, in the last # days}}",
  },
  {
    metric_activity_count:
      "{days, plural, =0 {Aktivitäten} one {Aktivitäten am letzten Tag} other {Aktivitäten in den letzten # Tagen}}",
    metric_activity_hours:
      "{days, plural, =0 {Stunden mit Aktivitäten} one {Stunden mit Aktivitäten am letzten Tag} other {Stunden mit Aktivitäten in den letzten # Tagen}}",
    metric_training_completion:
      "{days, plural, =0 {abgeschlossenen Schulungen} one {abgeschlossenen Schulungen am letzten Tag} other {abgeschlossenen Schulungen in den letzten # Tagen}}",
    metric_recruiting_milestone:
      "{days, plural, =0 {bestätigten Anwerbungen} one {bestätigten Anwerbungen am letzten Tag} other {bestätigten Anwerbungen in den letzten # Tagen}}",
    metric_streak_days:
      "{days, plural, =0 {Tagen in Folge mit einer Aktivität} one {Tagen in Folge mit einer Aktivität, am letzten Tag} other {Tagen in Folge mit einer Aktivität, in den letzten # Tagen}}",
    metric_streak_weeks:
      "{days, plural, =0 {Wochen in Folge mit einer Aktivität} one {Wochen in Folge mit einer Aktivität, am letzten Tag} other {Wochen in Folge mit einer Aktivität, in den letzten # Tagen}}",
  },
);
