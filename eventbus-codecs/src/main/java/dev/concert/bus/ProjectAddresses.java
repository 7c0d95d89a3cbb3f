package dev.concert.bus;

import static dev.concert.bus.Address.Delivery.ONCE;

import dev.concert.workspace.ProjectMessages.ApplyChanges;
import dev.concert.workspace.ProjectMessages.ChangesApplied;
import dev.concert.workspace.ProjectMessages.FindFolder;
import dev.concert.workspace.ProjectMessages.FolderOpened;
import dev.concert.workspace.ProjectMessages.Folders;
import dev.concert.workspace.ProjectMessages.ListFolders;
import dev.concert.workspace.ProjectMessages.OpenFolder;
import dev.concert.workspace.ProjectMessages.SessionFolder;

/** The addresses of the project service, which only a developer's own server has. */
public final class ProjectAddresses {
  public static final Address<ListFolders, Folders> LIST_FOLDERS =
      any("list", ListFolders.class, Folders.class);
  public static final Address<FindFolder, SessionFolder> FIND_FOLDER =
      any("find", FindFolder.class, SessionFolder.class);
  public static final Address<OpenFolder, FolderOpened> OPEN_FOLDER =
      any("open", OpenFolder.class, FolderOpened.class);
  public static final Address<ApplyChanges, ChangesApplied> APPLY_CHANGES =
      any("apply", ApplyChanges.class, ChangesApplied.class);

  private ProjectAddresses() {}

  private static <Q extends Record, R extends Record> Address<Q, R> any(
      String operation, Class<Q> request, Class<R> reply) {
    return Addresses.any(Service.PROJECTS, operation, request, reply, ONCE);
  }
}
