package dev.concert.platform.command.tenant;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert tenant}: the organisations that share a server. */
@Command(
    name = "tenant",
    description = "Creates, lists and deletes tenants, with or without a running server.",
    mixinStandardHelpOptions = true,
    subcommands = {TenantCreateCommand.class, TenantListCommand.class, TenantDeleteCommand.class})
public final class TenantCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
