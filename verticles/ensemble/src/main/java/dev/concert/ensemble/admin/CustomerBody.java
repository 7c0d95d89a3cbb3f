package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.key.Customer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A customer as JSON of the admin API. */
@JsonNaming(SnakeCaseStrategy.class)
record CustomerBody(
    String customerId,
    String name,
    String email,
    String budget,
    String budgetPeriod,
    String createdAt) {

  static final Set<String> FIELDS = Set.of("name", "email", "budget", "budget_period");

  private static final int LONGEST = 200;

  record All(List<CustomerBody> customers) {}

  /** The body that creates or changes a customer. */
  record Submitted(String name, String email, Optional<Budget> budget) {
    static Submitted of(AdminFields fields) {
      String email = fields.text("email", LONGEST);
      int at = email.indexOf('@');
      if (at < 1 || at == email.length() - 1) {
        throw AdminFields.wrong("email", "must be an address such as ops@acme.example");
      }
      return new Submitted(fields.text("name", LONGEST), email, KeyBody.budget(fields));
    }
  }

  static CustomerBody of(Customer customer) {
    return new CustomerBody(
        customer.id(),
        customer.name(),
        customer.email(),
        customer.budget().map(budget -> budget.amount().toPlainString()).orElse(null),
        customer.budget().map(budget -> AdminFields.word(budget.period())).orElse(null),
        customer.createdAt().toString());
  }
}
