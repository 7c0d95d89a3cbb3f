package dev.concert.bus;

import static dev.concert.bridge.BridgeMessages.*;
import static dev.concert.bridge.ClientCalls.*;
import static dev.concert.bus.Address.Delivery.*;
import static dev.concert.bus.ClusterMessages.*;
import static dev.concert.bus.Service.*;
import static dev.concert.credit.CreditMessages.*;
import static dev.concert.inference.InferenceMessages.*;
import static dev.concert.podium.PodiumMessages.*;
import static dev.concert.workspace.RetentionMessages.*;
import static dev.concert.workspace.SnapshotMessages.*;
import static dev.concert.workspace.WorkspaceMessages.*;

import dev.concert.bus.Address.Delivery;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every address of the bus, with those of {@link AutomationAddresses} and {@link GitHubAddresses}.
 * Nobody writes one as a string elsewhere.
 */
public final class Addresses {

  // Podium, the agent coordinator. The owner of an instance is the node that has its folder.
  public static final Address<StartInstance, InstanceStarted> START_INSTANCE =
      owner(
          PODIUM,
          "instance.start",
          StartInstance.class,
          InstanceStarted.class,
          REPEATABLE,
          StartInstance::instanceId);
  public static final Address<StopInstance, Accepted> STOP_INSTANCE =
      owner(
          PODIUM,
          "instance.stop",
          StopInstance.class,
          Accepted.class,
          REPEATABLE,
          StopInstance::instanceId);
  public static final Address<ResetInstance, Accepted> RESET_INSTANCE =
      owner(
          PODIUM,
          "instance.reset",
          ResetInstance.class,
          Accepted.class,
          REPEATABLE,
          ResetInstance::instanceId);
  public static final Address<DeleteInstance, Accepted> DELETE_INSTANCE =
      owner(
          PODIUM,
          "instance.delete",
          DeleteInstance.class,
          Accepted.class,
          REPEATABLE,
          DeleteInstance::instanceId);
  public static final Address<DeliverMessage, Accepted> DELIVER_MESSAGE =
      owner(
          PODIUM,
          "instance.message",
          DeliverMessage.class,
          Accepted.class,
          ONCE,
          DeliverMessage::instanceId);
  public static final Address<Steer, Accepted> STEER =
      owner(PODIUM, "instance.steer", Steer.class, Accepted.class, ONCE, Steer::instanceId);
  public static final Address<Interrupt, Accepted> INTERRUPT =
      owner(
          PODIUM,
          "instance.interrupt",
          Interrupt.class,
          Accepted.class,
          REPEATABLE,
          Interrupt::instanceId);
  public static final Address<Answer, Accepted> ANSWER =
      owner(PODIUM, "instance.answer", Answer.class, Accepted.class, ONCE, Answer::instanceId);
  public static final Address<ReplayEvents, AgentEvents> REPLAY_EVENTS =
      owner(
          PODIUM,
          "events.replay",
          ReplayEvents.class,
          AgentEvents.class,
          REPEATABLE,
          ReplayEvents::instanceId);
  public static final Address<EventsStored, Accepted> EVENTS_STORED =
      owner(
          PODIUM,
          "events.stored",
          EventsStored.class,
          Accepted.class,
          REPEATABLE,
          EventsStored::instanceId);
  public static final Address<UsageReport, Accepted> REPORT_USAGE =
      owner(PODIUM, "usage", UsageReport.class, Accepted.class, ONCE, UsageReport::instanceId);
  public static final Address<RunCheck, CheckOutcome> RUN_CHECK =
      owner(PODIUM, "check", RunCheck.class, CheckOutcome.class, ONCE, RunCheck::instanceId);
  public static final Address<ListAgentTypes, AgentTypes> LIST_AGENT_TYPES =
      any(PODIUM, "agent-types", ListAgentTypes.class, AgentTypes.class, REPEATABLE);
  public static final Address<HealthReport.Probe, HealthReport> PODIUM_HEALTH =
      any(PODIUM, "health", HealthReport.Probe.class, HealthReport.class, PROBE);

  /** Events of instances, for the event loop of a gateway that started them. */
  public static final Inbox<AgentEvents> AGENT_EVENTS =
      new Inbox<>("gateway.events", AgentEvents.class);

  /** For the node that an allowance names: it has the tenant's ledger. */
  public static final Address<ExtendReservation, ReservationExtended> EXTEND_RESERVATION =
      any(
          GATEWAY,
          "reservation.extend",
          ExtendReservation.class,
          ReservationExtended.class,
          REPEATABLE);

  /** What a service asks in the name of a member. */
  public static final Address<CallOperation, OperationReply> CALL_OPERATION =
      any(GATEWAY, "operation.call", CallOperation.class, OperationReply.class, ONCE);

  public static final Address<AwaitEvents, EventPage> AWAIT_EVENTS =
      any(GATEWAY, "events.await", AwaitEvents.class, EventPage.class, REPEATABLE);

  public static final Address<OpenSessionTransfer, TransferOpened> OPEN_SESSION_TRANSFER =
      any(GATEWAY, "transfer.open", OpenSessionTransfer.class, TransferOpened.class, ONCE);

  // The chat bridges.
  public static final Address<DeliverWebhook, WebhookReply> DELIVER_WEBHOOK =
      any(BRIDGES, "webhook", DeliverWebhook.class, WebhookReply.class, ONCE);
  public static final Address<AddBridge, Bridge> ADD_BRIDGE =
      any(BRIDGES, "add", AddBridge.class, Bridge.class, ONCE);
  public static final Address<ListBridges, Bridges> LIST_BRIDGES =
      any(BRIDGES, "list", ListBridges.class, Bridges.class, REPEATABLE);
  public static final Address<TestBridge, BridgeTested> TEST_BRIDGE =
      any(BRIDGES, "test", TestBridge.class, BridgeTested.class, REPEATABLE);
  public static final Address<RemoveBridge, Accepted> REMOVE_BRIDGE =
      any(BRIDGES, "remove", RemoveBridge.class, Accepted.class, REPEATABLE);
  public static final Address<ForgetTenant, Accepted> FORGET_CHATS =
      any(BRIDGES, "tenant.forget", ForgetTenant.class, Accepted.class, REPEATABLE);
  public static final Address<CreatePairingCode, PairingCode> CREATE_PAIRING_CODE =
      any(BRIDGES, "pairing.create", CreatePairingCode.class, PairingCode.class, ONCE);

  // Ensemble, the inference router. It may run on any node.
  public static final Address<OpenAccess, Access> OPEN_ACCESS =
      any(ENSEMBLE, "access.open", OpenAccess.class, Access.class, ONCE);
  public static final Address<CloseAccess, Accepted> CLOSE_ACCESS =
      any(ENSEMBLE, "access.close", CloseAccess.class, Accepted.class, REPEATABLE);
  public static final Address<ListModels, Models> LIST_MODELS =
      any(ENSEMBLE, "models", ListModels.class, Models.class, REPEATABLE);
  public static final Address<SetAllowance, Accepted> SET_ALLOWANCE =
      any(ENSEMBLE, "allowance.set", SetAllowance.class, Accepted.class, REPEATABLE);
  public static final Address<CloseAllowance, TurnCalls> CLOSE_ALLOWANCE =
      any(ENSEMBLE, "allowance.close", CloseAllowance.class, TurnCalls.class, REPEATABLE);
  public static final Address<ForgetAllowances, Accepted> FORGET_ALLOWANCES =
      any(ENSEMBLE, "allowance.forget", ForgetAllowances.class, Accepted.class, REPEATABLE);
  public static final Address<ForgetUsage, Accepted> FORGET_USAGE =
      any(ENSEMBLE, "usage.forget", ForgetUsage.class, Accepted.class, REPEATABLE);
  public static final Address<HealthReport.Probe, HealthReport> ENSEMBLE_HEALTH =
      any(ENSEMBLE, "health", HealthReport.Probe.class, HealthReport.class, PROBE);

  // Chronicle, the versioned workspace. The owner of a workspace is the node that has its files.
  public static final Address<Mount, Mounted> MOUNT_WORKSPACE =
      owner(CHRONICLE, "mount", Mount.class, Mounted.class, REPEATABLE, Mount::workspaceId);
  public static final Address<Unmount, Accepted> UNMOUNT_WORKSPACE =
      owner(CHRONICLE, "unmount", Unmount.class, Accepted.class, REPEATABLE, Unmount::workspaceId);
  public static final Address<DeleteWorkspace, Accepted> DELETE_WORKSPACE =
      owner(
          CHRONICLE,
          "delete",
          DeleteWorkspace.class,
          Accepted.class,
          REPEATABLE,
          DeleteWorkspace::workspaceId);
  public static final Address<ListFiles, FileList> LIST_FILES =
      owner(
          CHRONICLE,
          "files.list",
          ListFiles.class,
          FileList.class,
          REPEATABLE,
          ListFiles::workspaceId);
  public static final Address<ReadFile, FileContent> READ_FILE =
      owner(
          CHRONICLE,
          "files.read",
          ReadFile.class,
          FileContent.class,
          REPEATABLE,
          ReadFile::workspaceId);
  public static final Address<ReadHistory, FileHistory> READ_HISTORY =
      owner(
          CHRONICLE,
          "files.history",
          ReadHistory.class,
          FileHistory.class,
          REPEATABLE,
          ReadHistory::workspaceId);
  public static final Address<ReadIteration, FileContent> READ_ITERATION =
      owner(
          CHRONICLE,
          "files.at",
          ReadIteration.class,
          FileContent.class,
          REPEATABLE,
          ReadIteration::workspaceId);
  public static final Address<WriteFile, FileWritten> WRITE_FILE =
      owner(
          CHRONICLE,
          "files.write",
          WriteFile.class,
          FileWritten.class,
          ONCE,
          WriteFile::workspaceId);
  public static final Address<DeleteFile, FileWritten> DELETE_FILE =
      owner(
          CHRONICLE,
          "files.delete",
          DeleteFile.class,
          FileWritten.class,
          ONCE,
          DeleteFile::workspaceId);
  public static final Address<RestoreFile, FileWritten> RESTORE_FILE =
      owner(
          CHRONICLE,
          "files.restore",
          RestoreFile.class,
          FileWritten.class,
          ONCE,
          RestoreFile::workspaceId);
  public static final Address<DiffFile, FileDiff> DIFF_FILE =
      owner(
          CHRONICLE,
          "files.diff",
          DiffFile.class,
          FileDiff.class,
          REPEATABLE,
          DiffFile::workspaceId);
  public static final Address<CreateSnapshot, Snapshot> CREATE_SNAPSHOT =
      owner(
          CHRONICLE,
          "snapshots.create",
          CreateSnapshot.class,
          Snapshot.class,
          ONCE,
          CreateSnapshot::workspaceId);
  public static final Address<ListSnapshots, Snapshots> LIST_SNAPSHOTS =
      owner(
          CHRONICLE,
          "snapshots.list",
          ListSnapshots.class,
          Snapshots.class,
          REPEATABLE,
          ListSnapshots::workspaceId);
  public static final Address<DeleteSnapshot, Accepted> DELETE_SNAPSHOT =
      owner(
          CHRONICLE,
          "snapshots.delete",
          DeleteSnapshot.class,
          Accepted.class,
          ONCE,
          DeleteSnapshot::workspaceId);
  public static final Address<RestoreWorkspace, WorkspaceRestored> RESTORE_WORKSPACE =
      owner(
          CHRONICLE,
          "restore",
          RestoreWorkspace.class,
          WorkspaceRestored.class,
          ONCE,
          RestoreWorkspace::workspaceId);
  public static final Address<ForkWorkspace, WorkspaceForked> FORK_WORKSPACE =
      owner(
          CHRONICLE,
          "fork",
          ForkWorkspace.class,
          WorkspaceForked.class,
          ONCE,
          ForkWorkspace::workspaceId);
  public static final Address<ReadRetention, Retention> READ_RETENTION =
      owner(
          CHRONICLE,
          "retention.read",
          ReadRetention.class,
          Retention.class,
          REPEATABLE,
          ReadRetention::workspaceId);
  public static final Address<SetRetention, Retention> SET_RETENTION =
      owner(
          CHRONICLE,
          "retention.set",
          SetRetention.class,
          Retention.class,
          REPEATABLE,
          SetRetention::workspaceId);
  public static final Address<OpenArchive, ArchiveOpened> OPEN_ARCHIVE =
      owner(
          CHRONICLE,
          "archive.open",
          OpenArchive.class,
          ArchiveOpened.class,
          ONCE,
          OpenArchive::workspaceId);
  public static final Address<ChangesSince, FileChanges> CHANGES_SINCE =
      owner(
          CHRONICLE,
          "changes.since",
          ChangesSince.class,
          FileChanges.class,
          REPEATABLE,
          ChangesSince::workspaceId);
  public static final Address<OpenTransfer, TransferOpened> OPEN_TRANSFER =
      owner(
          CHRONICLE,
          "transfer.open",
          OpenTransfer.class,
          TransferOpened.class,
          ONCE,
          OpenTransfer::workspaceId);
  public static final Address<OpenSync, SyncOpened> OPEN_SYNC =
      owner(CHRONICLE, "sync.open", OpenSync.class, SyncOpened.class, ONCE, OpenSync::workspaceId);
  public static final Address<HealthReport.Probe, HealthReport> CHRONICLE_HEALTH =
      any(CHRONICLE, "health", HealthReport.Probe.class, HealthReport.class, PROBE);

  /** New iterations, for the coordinator on the same node. */
  public static final Topic<FileChange> FILE_CHANGED =
      new Topic<>("chronicle.changed", FileChange.class, Topic.Scope.NODE);

  /** Whether workspaces can be written, for the coordinator on the same node. */
  public static final Topic<WorkspaceCondition> WORKSPACE_CONDITION =
      new Topic<>("chronicle.condition", WorkspaceCondition.class, Topic.Scope.NODE);

  // The nodes of a cluster
  public static final Topic<Hello> HELLO =
      new Topic<>("node.hello", Hello.class, Topic.Scope.CLUSTER);
  public static final Inbox<NodeDescriptor> NODES =
      new Inbox<>("node.descriptors", NodeDescriptor.class);
  public static final Topic<WhoOwns> WHO_OWNS =
      new Topic<>("node.who-owns", WhoOwns.class, Topic.Scope.CLUSTER);
  public static final Inbox<Owns> OWNS = new Inbox<>("node.owns", Owns.class);
  public static final Address<PlaceInstance, Accepted> PLACE_INSTANCE =
      owner(NODE, "place", PlaceInstance.class, Accepted.class, REPEATABLE, PlaceInstance::node);

  private Addresses() {}

  static <Q extends Record, R extends Record> Address<Q, R> any(
      Service service, String operation, Class<Q> request, Class<R> reply, Delivery delivery) {
    return new Address.Any<>(service, operation, request, reply, delivery);
  }

  private static <Q extends Record, R extends Record> Address<Q, R> owner(
      Service service,
      String operation,
      Class<Q> request,
      Class<R> reply,
      Delivery delivery,
      Function<Q, String> key) {
    return new Address.Owner<>(service, operation, request, reply, delivery, key);
  }

  /** Every record type that is a whole message of some address, topic or inbox. */
  static Set<Class<? extends Record>> messages() {
    Set<Class<? extends Record>> types = new LinkedHashSet<>();
    Stream.of(
            Addresses.class,
            AutomationAddresses.class,
            DeliveryAddresses.class,
            GitHubAddresses.class,
            ProjectAddresses.class)
        .flatMap(group -> Arrays.stream(group.getDeclaredFields()))
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(Addresses::value)
        .flatMap(
            value ->
                switch (value) {
                  case Address<?, ?> address -> Stream.of(address.request(), address.reply());
                  case Topic<?> topic -> Stream.of(topic.message());
                  case Inbox<?> inbox -> Stream.of(inbox.message());
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
