package dev.concert.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.coordinator.sandbox.SandboxMode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoctorTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "GEMINI_API_KEY",
        "XAI_API_KEY",
        "OPENROUTER_API_KEY"
      })
  void theKeyOfAnyVendorIsAModel(String name) {
    CheckResult model = model(Map.of(name, "secret"));

    assertThat(model.state()).isEqualTo(CheckResult.State.OK);
    assertThat(model.detail()).contains(name).doesNotContain("secret");
  }

  @Test
  void withoutAKeyTheDemoModelAnswersAndTheFixIsNamed() {
    CheckResult model = model(Map.of("ANTHROPIC_API_KEY", " "));

    assertThat(model.state()).isEqualTo(CheckResult.State.FALLBACK);
    assertThat(model.detail()).contains("demo model");
    assertThat(model.remedy()).contains("export ANTHROPIC_API_KEY");
  }

  @Test
  void eachPartThatIsNotThereHasAFix() {
    assertThat(doctor(Map.of()).examine())
        .filteredOn(result -> result.state() != CheckResult.State.OK)
        .allSatisfy(result -> assertThat(result.remedy()).as(result.part()).isNotEmpty());
  }

  private static Doctor doctor(Map<String, String> environment) {
    return new Doctor(
        environment, ChronicleOptions.Mode.AUTO, ChronicleOptions.Binding.KERNEL, SandboxMode.AUTO);
  }

  private static CheckResult fuse(ChronicleOptions.Mode mode, ChronicleOptions.Binding binding) {
    return new Doctor(Map.of(), mode, binding, SandboxMode.AUTO)
        .examine().stream()
            .filter(result -> result.part().equals("FUSE"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void theBindingThatMountsIsNamedWithTheReason() {
    assertThat(fuse(ChronicleOptions.Mode.AUTO, ChronicleOptions.Binding.KERNEL).detail())
        .contains("kernel");
    assertThat(fuse(ChronicleOptions.Mode.AUTO, ChronicleOptions.Binding.JNR_FUSE).detail())
        .contains("jnr-fuse");
    assertThat(fuse(ChronicleOptions.Mode.AUTO, ChronicleOptions.Binding.WATCHED).detail())
        .contains("watched", "chronicle.binding");
    assertThat(fuse(ChronicleOptions.Mode.FOLDER, ChronicleOptions.Binding.KERNEL).detail())
        .contains("watched", "chronicle.mode");
  }

  @Test
  void agentsWithoutASandboxAreAWarningThatSaysWhy() {
    CheckResult sandbox =
        new Doctor(
                Map.of(),
                ChronicleOptions.Mode.AUTO,
                ChronicleOptions.Binding.KERNEL,
                SandboxMode.PROCESS)
            .examine().stream()
                .filter(result -> result.part().equals("Sandbox"))
                .findFirst()
                .orElseThrow();

    assertThat(sandbox.state()).isEqualTo(CheckResult.State.FALLBACK);
    assertThat(sandbox.detail()).contains("without a sandbox", "it is configured so");
  }

  private static CheckResult model(Map<String, String> environment) {
    return doctor(environment).examine().stream()
        .filter(result -> result.part().equals("Model"))
        .findFirst()
        .orElseThrow();
  }
}
