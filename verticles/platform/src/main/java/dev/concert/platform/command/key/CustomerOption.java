package dev.concert.platform.command.key;

import dev.concert.ensemble.key.Customer;
import dev.concert.ensemble.key.KeyStore;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names a customer. */
final class CustomerOption {
  @Option(
      names = "--customer",
      defaultValue = "local",
      description = "Customer who owns it; created if new (default: ${DEFAULT-VALUE}).")
  private String name;

  String name() {
    return name;
  }

  Optional<Customer> known(KeyStore store) {
    return store.customers().stream().filter(known -> known.name().equals(name)).findFirst();
  }

  Customer in(KeyStore store) {
    return known(store).orElseGet(() -> store.addCustomer(name, "", Optional.empty()));
  }
}
