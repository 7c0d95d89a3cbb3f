package dev.concert.platform.command;

import dev.concert.platform.doctor.Doctor;
import dev.concert.platform.doctor.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert doctor}: ends with 0 when a turn can run here, else with 1. */
@Command(
    name = "doctor",
    description = "Tells what is here, what is missing, and what mends it.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> findings = new Doctor(System.getenv()).examine();
    for (Finding finding : findings) {
      out.printf("%-10s %-22s %s%n", label(finding), finding.part(), finding.detail());
      if (!finding.remedy().isEmpty()) {
        out.printf("%-33s mend: %s%n", "", finding.remedy());
      }
    }
    boolean runs = findings.stream().noneMatch(one -> one.state() == Finding.State.MISSING);
    out.println(runs ? "A turn can run here." : "No turn can run here yet.");
    out.flush();
    return runs ? 0 : 1;
  }

  private static String label(Finding finding) {
    return switch (finding.state()) {
      case OK -> "ok";
      case FALLBACK -> "fallback";
      case MISSING -> "MISSING";
    };
  }
}
