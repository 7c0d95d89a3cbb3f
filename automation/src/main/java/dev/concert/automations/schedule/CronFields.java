package dev.concert.automations.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.FieldValue;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.Optional;

/**
 * The five fields of a cron expression as sets of values. The rule for days is that of Vixie's
 * cron: where day of month and day of week are both given, either is enough; where one of them
 * begins with a star, both have to match.
 *
 * @param fixedTime whether neither minutes nor hours begin with a star
 * @param eitherDay whether neither days begin with a star
 */
record CronFields(
    BitSet minutes,
    BitSet hours,
    BitSet daysOfMonth,
    BitSet months,
    BitSet daysOfWeek,
    boolean fixedTime,
    boolean eitherDay) {

  /** February 29th on a given weekday comes every 28 years, every 40 around 2100. */
  private static final int SEARCHED_YEARS = 41;

  static CronFields of(Cron cron) {
    BitSet weekdays = values(cron, CronFieldName.DAY_OF_WEEK, 0, 7);
    if (weekdays.get(7)) {
      weekdays.set(0);
    }
    return new CronFields(
        values(cron, CronFieldName.MINUTE, 0, 59),
        values(cron, CronFieldName.HOUR, 0, 23),
        values(cron, CronFieldName.DAY_OF_MONTH, 1, 31),
        values(cron, CronFieldName.MONTH, 1, 12),
        weekdays,
        !hasStar(cron, CronFieldName.MINUTE) && !hasStar(cron, CronFieldName.HOUR),
        !hasStar(cron, CronFieldName.DAY_OF_MONTH) && !hasStar(cron, CronFieldName.DAY_OF_WEEK));
  }

  private static FieldExpression expression(Cron cron, CronFieldName name) {
    return cron.retrieve(name).getExpression();
  }

  private static BitSet values(Cron cron, CronFieldName name, int min, int max) {
    BitSet values = new BitSet();
    add(values, expression(cron, name), min, max);
    return values;
  }

  private static void add(BitSet values, FieldExpression expression, int min, int max) {
    switch (expression) {
      case Always _ -> values.set(min, max + 1);
      case And and -> and.getExpressions().forEach(one -> add(values, one, min, max));
      case Between between ->
          step(values, number(between.getFrom()), number(between.getTo()), 1, min, max);
      case Every every -> {
        int by = number(every.getPeriod());
        switch (every.getExpression()) {
          case Between range ->
              step(values, number(range.getFrom()), number(range.getTo()), by, min, max);
          case On on -> step(values, number(on.getTime()), max, by, min, max);
          case Always _ -> step(values, min, lastOf(min, max), by, min, max);
          default -> throw notRead(every);
        }
      }
      case On on when on.getSpecialChar().getValue().name().equals("NONE") ->
          values.set(number(on.getTime()));
      default -> throw notRead(expression);
    }
  }

  /** Seven is a second name of Sunday and no day of its own. */
  private static int lastOf(int min, int max) {
    return min == 0 && max == 7 ? 6 : max;
  }

  private static void step(BitSet values, int from, int to, int by, int min, int max) {
    if (by < 1 || from > to || from < min || to > max) {
      throw new ScheduleException(
          "A range of a cron expression goes from its smaller to its larger value.");
    }
    for (int value = from; value <= to; value += by) {
      values.set(value);
    }
  }

  private static int number(FieldValue<?> value) {
    if (value.getValue() instanceof Integer number) {
      return number;
    }
    throw new ScheduleException("A cron expression has a value that is no number: " + value);
  }

  private static ScheduleException notRead(FieldExpression expression) {
    return new ScheduleException(
        "'%s' is not supported in a cron expression.".formatted(expression.asString()));
  }

  private static boolean hasStar(Cron cron, CronFieldName name) {
    return expression(cron, name).asString().startsWith("*");
  }

  boolean matches(LocalDate day) {
    if (!months.get(day.getMonthValue())) {
      return false;
    }
    boolean ofMonth = daysOfMonth.get(day.getDayOfMonth());
    boolean ofWeek = daysOfWeek.get(day.getDayOfWeek().getValue() % 7);
    return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
  }

  /** The first local time that matches and is not before this one. Seconds are ignored. */
  Optional<LocalDateTime> firstFrom(LocalDateTime from) {
    LocalDate day = from.toLocalDate();
    LocalDate last = day.plusYears(SEARCHED_YEARS);
    int hour = from.getHour();
    int minute = from.getMinute();
    while (day.isBefore(last)) {
      if (!months.get(day.getMonthValue())) {
        day = day.withDayOfMonth(1).plusMonths(1);
      } else {
        if (matches(day)) {
          Optional<LocalDateTime> found = firstOfDay(day, hour, minute);
          if (found.isPresent()) {
            return found;
          }
        }
        day = day.plusDays(1);
      }
      hour = 0;
      minute = 0;
    }
    return Optional.empty();
  }

  private Optional<LocalDateTime> firstOfDay(LocalDate day, int hour, int minute) {
    for (int h = hours.nextSetBit(hour); h >= 0; h = hours.nextSetBit(h + 1)) {
      int m = minutes.nextSetBit(h == hour ? minute : 0);
      if (m >= 0) {
        return Optional.of(day.atTime(h, m));
      }
    }
    return Optional.empty();
  }
}
