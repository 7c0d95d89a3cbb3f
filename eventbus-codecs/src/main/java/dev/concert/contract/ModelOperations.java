package dev.concert.contract;

import static dev.concert.contract.ApiOperation.message;
import static dev.concert.contract.ApiOperation.route;
import static dev.concert.contract.Field.array;
import static dev.concert.contract.Field.flag;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.protocol.Permission.THREADS_CREATE;
import static dev.concert.protocol.Permission.THREADS_READ;
import static dev.concert.protocol.Permission.THREADS_WRITE;

import dev.concert.protocol.ModelMessage;
import dev.concert.protocol.ProjectMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.workspace.ProjectMessages.ChangesApplied;
import dev.concert.workspace.ProjectMessages.FolderOpened;
import dev.concert.workspace.ProjectMessages.Folders;
import dev.concert.workspace.ProjectMessages.SessionFolder;
import java.time.Duration;

/**
 * The rows about what a session can begin with: its model, and a folder of the server's own host.
 * Only a developer's server has folders, below the roots that its configuration names.
 */
public final class ModelOperations {
  private static final Field SESSION = string("sessionId", 128);
  private static final int PATH = 4096;

  public static final ApiOperation<ModelMessage.ListModels, ServerEvent.ModelList> LIST_MODELS =
      message("list_models", ModelMessage.ListModels.class, ServerEvent.ModelList.class)
          .needs(THREADS_READ)
          .alsoAt(GET, "/api/models")
          .since(2);

  /** A folder of many files takes long to bring in. */
  public static final Duration LONGEST = Duration.ofMinutes(10);

  public static final ApiOperation<ProjectMessage.ListFolders, Folders> LIST_FOLDERS =
      route("list_folders", ProjectMessage.ListFolders.class, Folders.class, GET, "/api/folders")
          .needs(THREADS_CREATE)
          .since(2);

  public static final ApiOperation<ProjectMessage.GetFolder, SessionFolder> GET_FOLDER =
      route(
              "get_folder",
              ProjectMessage.GetFolder.class,
              SessionFolder.class,
              GET,
              "/api/sessions/{sessionId}/folder")
          .needs(THREADS_READ)
          .takes(SESSION)
          .since(2);

  public static final ApiOperation<ProjectMessage.OpenFolder, FolderOpened> OPEN_FOLDER =
      route(
              "open_folder",
              ProjectMessage.OpenFolder.class,
              FolderOpened.class,
              POST,
              "/api/sessions/{sessionId}/folder")
          .needs(THREADS_WRITE)
          .takes(
              SESSION,
              string("folder", PATH),
              flag("otherBranch").orElse(false),
              string("setUp", PATH).optional(),
              flag("setUpWanted").orElse(false))
          .within(LONGEST)
          .since(2);

  public static final ApiOperation<ProjectMessage.ApplyChanges, ChangesApplied> APPLY_CHANGES =
      route(
              "apply_changes",
              ProjectMessage.ApplyChanges.class,
              ChangesApplied.class,
              POST,
              "/api/sessions/{sessionId}/folder/changes")
          .needs(THREADS_WRITE)
          .takes(SESSION, array("paths", 10_000))
          .where(ProjectMessage.ApplyChanges::fault)
          .within(LONGEST)
          .since(2);

  private ModelOperations() {}
}
