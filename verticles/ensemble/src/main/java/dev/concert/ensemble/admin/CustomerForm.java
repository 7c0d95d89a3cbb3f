package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.key.Customer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Customers as the admin API speaks of them. */
@JsonNaming(SnakeCaseStrategy.class)
record CustomerForm(
    String customerId,
    String name,
    String email,
    String budget,
    String budgetPeriod,
    String createdAt) {

  static final Set<String> FIELDS = Set.of("name", "email", "budget", "budget_period");

  private static final int LONGEST = 200;

  record All(List<CustomerForm> customers) {}

  /** What a person writes of a customer. */
  record Asked(String name, String email, Optional<Budget> budget) {
    static Asked of(Fields fields) {
      String email = fields.text("email", LONGEST);
      int at = email.indexOf('@');
      if (at < 1 || at == email.length() - 1) {
        throw Fields.wrong("email", "must be an address such as ops@acme.example");
      }
      return new Asked(fields.text("name", LONGEST), email, KeyForm.budget(fields));
    }
  }

  static CustomerForm of(Customer customer) {
    return new CustomerForm(
        customer.id(),
        customer.name(),
        customer.email(),
        customer.budget().map(budget -> budget.amount().toPlainString()).orElse(null),
        customer.budget().map(budget -> Fields.word(budget.period())).orElse(null),
        customer.createdAt().toString());
  }
}
