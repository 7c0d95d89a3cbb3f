package dev.concert.platform.command;

import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.gateway.member.MailOptions;
import dev.concert.platform.ConfigSource;
import dev.concert.platform.doctor.CheckResult;
import dev.concert.platform.doctor.CloudCheck;
import dev.concert.platform.doctor.DataCheck;
import dev.concert.platform.doctor.Doctor;
import dev.concert.platform.doctor.MailCheck;
import dev.concert.platform.server.DataPlace;
import dev.concert.platform.server.EmbeddedServer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code concert doctor}: ends with 0 when a turn can run here, else with 1. */
@Command(
    name = "doctor",
    description = "Checks your setup and tells you how to fix what is missing.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      description = "YAML configuration file that the server will run with.")
  private Optional<Path> config;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<CheckResult> findings = new ArrayList<>(doctor().examine());
    findings.add(DataCheck.of(DataPlace.usual()));
    findings.addAll(
        CloudCheck.of(
            () -> new ConfigSource(config, EmbeddedServer.home()).models(System.getenv())));
    JsonObject settings = new ConfigSource(config, EmbeddedServer.home()).read();
    findings.addAll(
        MailCheck.of(
            MailOptions.from(
                ConfigReader.of(settings, "gateway").section("mail"), System.getenv())));
    for (CheckResult finding : findings) {
      out.printf("%-10s %-22s %s%n", label(finding), finding.part(), finding.detail());
      if (!finding.remedy().isEmpty()) {
        out.printf("%-33s fix: %s%n", "", finding.remedy());
      }
    }
    boolean runs = findings.stream().noneMatch(one -> one.state() == CheckResult.State.MISSING);
    out.println(runs ? "Concert can run a turn here." : "Concert cannot run a turn here yet.");
    out.flush();
    return runs ? 0 : 1;
  }

  private Doctor doctor() {
    JsonObject settings = new ConfigSource(config, EmbeddedServer.home()).read();
    ConfigReader chronicle = ConfigReader.of(settings, "chronicle");
    return new Doctor(
        System.getenv(),
        chronicle.choice("mode", ChronicleOptions.Mode.class, ChronicleOptions.Mode.AUTO),
        chronicle.choice(
            "binding", ChronicleOptions.Binding.class, ChronicleOptions.Binding.KERNEL),
        ConfigReader.of(settings, "coordinator")
            .choice("sandbox", SandboxMode.class, SandboxMode.AUTO));
  }

  private static String label(CheckResult finding) {
    return switch (finding.state()) {
      case OK -> "ok";
      case FALLBACK -> "fallback";
      case MISSING -> "MISSING";
    };
  }
}
