package dev.concert.platform.command.project;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.GatewayApi;
import dev.concert.client.TurnRequest;
import dev.concert.platform.project.ApplyResult;
import dev.concert.platform.project.Project;
import dev.concert.platform.project.ProjectChange;
import dev.concert.platform.project.ProjectException;
import dev.concert.platform.project.WorkspaceTransfer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A turn that works on the user's repository: its files enter the workspace before, and the agent's
 * changes are shown and applied after. Blocking.
 *
 * @param url of the server
 * @param token that shows who the client is; empty for none
 * @param notes receives what the user has to know
 */
public record ProjectTurn(
    Project project,
    String url,
    Optional<String> token,
    Optional<ApplyMode> wanted,
    UserQuestions user,
    PrintStream notes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The agent that runs a command for the user. */
  private static final String SETS_UP = "coding-agent";

  /** Brings the files into the workspace; answers the same request with its session. */
  public TurnRequest enter(TurnRequest request) {
    project.check();
    boolean isNew = request.session().isEmpty();
    String session = request.session().orElseGet(() -> create(request));
    if (isNew) {
      notes.printf("Sending the files of %s to the workspace%n", project.root());
      notes.flush();
    }
    int changed = project.enter(transfer(session), user::confirms, notes::println);
    if (isNew || changed > 0) {
      notes.printf("%s: %s sent to the workspace%n", project.root(), files(changed));
    }
    return new TurnRequest(request.text(), Optional.of(session), request.agent(), request.model());
  }

  /**
   * The turn that sets the project up in a new workspace, before its first task; none where nothing
   * is proposed or wanted. Who allows everything is not asked.
   */
  public List<TurnRequest> setUp(String agent, boolean isNew, String session) {
    if (!isNew || !agent.equals(SETS_UP)) {
      return List.of();
    }
    if (!user.canAsk() && mode() != ApplyMode.AUTO) {
      return List.of();
    }
    return project
        .setUp(
            command ->
                !user.canAsk()
                    || user.confirms(
                        "Run `%s` in the workspace first, so that the project's tests run there?"
                            .formatted(command)))
        .map(
            command ->
                new TurnRequest("/run " + command, Optional.of(session), agent, Optional.empty()))
        .stream()
        .toList();
  }

  private String create(TurnRequest request) {
    ObjectNode body =
        JSON.createObjectNode().put("agentType", request.agent()).put("name", request.name());
    request.model().ifPresent(model -> body.put("model", model));
    try (GatewayApi api = new GatewayApi(url, token)) {
      return api.request("POST", "/api/sessions", body).path("session").path("id").asText();
    }
  }

  private WorkspaceTransfer transfer(String session) {
    return new WorkspaceTransfer(url, session, token);
  }

  private static String files(int number) {
    return number == 1 ? "1 file" : number + " files";
  }

  /** Commits that cannot be fetched do not keep the agent's changes back. */
  private void fetchCommits(String session) {
    try {
      project
          .fetchCommits(transfer(session))
          .ifPresent(branch -> notes.printf("%nThe agent's commits are the branch %s.%n", branch));
    } catch (ProjectException e) {
      notes.printf("%n%s Its files are shown below.%n", e.getMessage());
    }
  }

  /**
   * Shows what the agent changed and applies what the user wants.
   *
   * @return whether nothing is left that should have been applied
   */
  public boolean leave(String session) {
    fetchCommits(session);
    List<ProjectChange> changes = project.fetchChanges(transfer(session), notes::println);
    if (changes.isEmpty()) {
      return true;
    }
    notes.printf("%n%s", project.diff(session, changes));
    List<ProjectChange> chosen = choose(changes);
    if (chosen.isEmpty()) {
      notes.printf(
          "%nThe agent changed %s. Nothing in %s is changed.%s%n",
          files(changes.size()),
          project.root(),
          mode() == ApplyMode.NEVER ? " Apply them with --apply auto or --apply ask." : "");
      return true;
    }
    ApplyResult result = project.apply(session, chosen);
    notes.printf(
        "%n%s changed in %s. Take that back with `concert undo`.%n",
        files(result.changed().size()), project.root());
    result
        .conflicts()
        .forEach(
            path ->
                notes.printf(
                    "%s is left as it is: you changed it, too, or something is in its way.%n",
                    path));
    return result.conflicts().isEmpty();
  }

  private ApplyMode mode() {
    ApplyMode mode = wanted.orElse(user.canAsk() ? ApplyMode.ASK : ApplyMode.NEVER);
    return mode == ApplyMode.ASK && !user.canAsk() ? ApplyMode.NEVER : mode;
  }

  private List<ProjectChange> choose(List<ProjectChange> changes) {
    List<ProjectChange> plain = changes.stream().filter(one -> !one.runsCode()).toList();
    List<ProjectChange> running = changes.stream().filter(ProjectChange::runsCode).toList();
    List<ProjectChange> chosen = new ArrayList<>();
    ApplyMode mode = mode();
    if (mode == ApplyMode.AUTO
        || mode == ApplyMode.ASK && !plain.isEmpty() && confirms(plain, "")) {
      chosen.addAll(plain);
    }
    if (running.isEmpty() || mode == ApplyMode.NEVER) {
      return chosen;
    }
    if (user.canAsk()
        && confirms(
            running, " They make your programs run code, or show more to the next agent.")) {
      chosen.addAll(running);
    } else {
      running.forEach(
          one ->
              notes.printf(
                  "%s is not applied: it makes your programs run code, or shows more to the next"
                      + " agent.%n",
                  one.path()));
    }
    return chosen;
  }

  private boolean confirms(List<ProjectChange> changes, String warning) {
    changes.forEach(one -> notes.printf("  %-9s %s%n", one.word(), one.path()));
    notes.flush();
    return user.confirms(
        "Apply %s to %s?%s".formatted(files(changes.size()), project.root(), warning));
  }
}
