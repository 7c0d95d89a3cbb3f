package dev.concert.bus;

import static dev.concert.inference.InferenceMessages.*;
import static dev.concert.podium.PodiumMessages.*;
import static dev.concert.workspace.RetentionMessages.*;
import static dev.concert.workspace.SnapshotMessages.*;
import static dev.concert.workspace.WorkspaceMessages.*;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Every address of the bus. Nobody writes one as a string elsewhere. */
public final class Addresses {

  // Podium, the agent coordinator
  public static final Address<StartInstance, InstanceStarted> START_INSTANCE =
      new Address<>("podium.instance.start", StartInstance.class, InstanceStarted.class);
  public static final Address<StopInstance, Accepted> STOP_INSTANCE =
      new Address<>("podium.instance.stop", StopInstance.class, Accepted.class);
  public static final Address<DeliverMessage, Accepted> DELIVER_MESSAGE =
      new Address<>("podium.instance.message", DeliverMessage.class, Accepted.class);
  public static final Address<Steer, Accepted> STEER =
      new Address<>("podium.instance.steer", Steer.class, Accepted.class);
  public static final Address<Interrupt, Accepted> INTERRUPT =
      new Address<>("podium.instance.interrupt", Interrupt.class, Accepted.class);
  public static final Address<Answer, Accepted> ANSWER =
      new Address<>("podium.instance.answer", Answer.class, Accepted.class);
  public static final Address<ListAgentTypes, AgentTypes> LIST_AGENT_TYPES =
      new Address<>("podium.agent-types", ListAgentTypes.class, AgentTypes.class);
  public static final Address<ReplayEvents, AgentEvents> REPLAY_EVENTS =
      new Address<>("podium.events.replay", ReplayEvents.class, AgentEvents.class);
  public static final Address<UsageReport, Accepted> REPORT_USAGE =
      new Address<>("podium.usage", UsageReport.class, Accepted.class);
  public static final Address<HealthReport.Probe, HealthReport> PODIUM_HEALTH =
      new Address<>("podium.health", HealthReport.Probe.class, HealthReport.class);

  /** Per instance: {@code AGENT_EVENTS.of(instanceId)}. */
  public static final Topic<AgentEvents> AGENT_EVENTS =
      new Topic<>("podium.events", AgentEvents.class);

  public static final Topic<EventsStored> EVENTS_STORED =
      new Topic<>("podium.events.stored", EventsStored.class);

  // Ensemble, the inference router
  public static final Address<OpenAccess, Access> OPEN_ACCESS =
      new Address<>("ensemble.access.open", OpenAccess.class, Access.class);
  public static final Address<CloseAccess, Accepted> CLOSE_ACCESS =
      new Address<>("ensemble.access.close", CloseAccess.class, Accepted.class);
  public static final Address<ListModels, Models> LIST_MODELS =
      new Address<>("ensemble.models", ListModels.class, Models.class);
  public static final Address<HealthReport.Probe, HealthReport> ENSEMBLE_HEALTH =
      new Address<>("ensemble.health", HealthReport.Probe.class, HealthReport.class);

  // Chronicle, the versioned workspace
  public static final Address<Mount, Mounted> MOUNT_WORKSPACE =
      new Address<>("chronicle.mount", Mount.class, Mounted.class);
  public static final Address<Unmount, Accepted> UNMOUNT_WORKSPACE =
      new Address<>("chronicle.unmount", Unmount.class, Accepted.class);
  public static final Address<ListFiles, FileList> LIST_FILES =
      new Address<>("chronicle.files.list", ListFiles.class, FileList.class);
  public static final Address<ReadFile, FileContent> READ_FILE =
      new Address<>("chronicle.files.read", ReadFile.class, FileContent.class);
  public static final Address<ReadHistory, FileHistory> READ_HISTORY =
      new Address<>("chronicle.files.history", ReadHistory.class, FileHistory.class);
  public static final Address<ReadIteration, FileContent> READ_ITERATION =
      new Address<>("chronicle.files.at", ReadIteration.class, FileContent.class);
  public static final Address<WriteFile, FileWritten> WRITE_FILE =
      new Address<>("chronicle.files.write", WriteFile.class, FileWritten.class);
  public static final Address<DeleteFile, FileWritten> DELETE_FILE =
      new Address<>("chronicle.files.delete", DeleteFile.class, FileWritten.class);
  public static final Address<RestoreFile, FileWritten> RESTORE_FILE =
      new Address<>("chronicle.files.restore", RestoreFile.class, FileWritten.class);
  public static final Address<DiffFile, FileDiff> DIFF_FILE =
      new Address<>("chronicle.files.diff", DiffFile.class, FileDiff.class);
  public static final Address<CreateSnapshot, Snapshot> CREATE_SNAPSHOT =
      new Address<>("chronicle.snapshots.create", CreateSnapshot.class, Snapshot.class);
  public static final Address<ListSnapshots, Snapshots> LIST_SNAPSHOTS =
      new Address<>("chronicle.snapshots.list", ListSnapshots.class, Snapshots.class);
  public static final Address<DeleteSnapshot, Accepted> DELETE_SNAPSHOT =
      new Address<>("chronicle.snapshots.delete", DeleteSnapshot.class, Accepted.class);
  public static final Address<RestoreWorkspace, WorkspaceRestored> RESTORE_WORKSPACE =
      new Address<>("chronicle.restore", RestoreWorkspace.class, WorkspaceRestored.class);
  public static final Address<ReadRetention, Retention> READ_RETENTION =
      new Address<>("chronicle.retention.read", ReadRetention.class, Retention.class);
  public static final Address<SetRetention, Retention> SET_RETENTION =
      new Address<>("chronicle.retention.set", SetRetention.class, Retention.class);
  public static final Address<OpenArchive, ArchiveOpened> OPEN_ARCHIVE =
      new Address<>("chronicle.archive.open", OpenArchive.class, ArchiveOpened.class);
  public static final Address<ChangesSince, FileChanges> CHANGES_SINCE =
      new Address<>("chronicle.changes.since", ChangesSince.class, FileChanges.class);
  public static final Address<OpenSync, SyncOpened> OPEN_SYNC =
      new Address<>("chronicle.sync.open", OpenSync.class, SyncOpened.class);
  public static final Address<HealthReport.Probe, HealthReport> CHRONICLE_HEALTH =
      new Address<>("chronicle.health", HealthReport.Probe.class, HealthReport.class);

  /** Per workspace: {@code FILE_CHANGED.of(workspaceId)}. */
  public static final Topic<FileChange> FILE_CHANGED =
      new Topic<>("chronicle.changed", FileChange.class);

  /** Per workspace: {@code WORKSPACE_CONDITION.of(workspaceId)}. */
  public static final Topic<WorkspaceCondition> WORKSPACE_CONDITION =
      new Topic<>("chronicle.condition", WorkspaceCondition.class);

  private Addresses() {}

  /** Every record type that is a whole message of some address or topic. */
  static Set<Class<? extends Record>> messages() {
    Set<Class<? extends Record>> types = new LinkedHashSet<>();
    Arrays.stream(Addresses.class.getDeclaredFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(Addresses::value)
        .flatMap(
            value ->
                switch (value) {
                  case Address<?, ?> address -> Stream.of(address.request(), address.reply());
                  case Topic<?> topic -> Stream.of(topic.message());
                  default -> Stream.<Class<? extends Record>>empty();
                })
        .forEach(types::add);
    return types;
  }

  private static Object value(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new LinkageError("A field of this class cannot be read: " + field, e);
    }
  }
}
