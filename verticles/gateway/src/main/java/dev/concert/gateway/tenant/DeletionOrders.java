package dev.concert.gateway.tenant;

import dev.concert.foundation.files.AtomicFile;
import dev.concert.foundation.files.FolderRemoval;
import dev.concert.foundation.files.PrivateFiles;
import dev.concert.gateway.registry.TenantIds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which tenants are to be deleted: an empty file for each, in the folder {@code .deleting} beside
 * the tenants'. The command line writes one, and a running server finds it. It goes last, so a
 * deletion that was interrupted is found again. Blocking.
 *
 * @param tenants folder with one folder for each tenant
 */
public record DeletionOrders(Path tenants) {
  private static final String FOLDER = ".deleting";
  private static final String REMOVED = ".removed-";

  /**
   * The tenant will be deleted, whatever happens from now on.
   *
   * @return whether this is a new order
   */
  public boolean add(String tenantId) throws IOException {
    if (!TenantIds.isValid(tenantId)) {
      throw new IllegalArgumentException("No tenant can have this id");
    }
    boolean isNew = !has(tenantId);
    PrivateFiles.createDirectories(order(tenantId).getParent());
    AtomicFile.replace(order(tenantId), new byte[0]);
    return isNew;
  }

  /** The tenant stays. Durable: a power failure does not bring the order back. */
  void withdraw(String tenantId) throws IOException {
    Files.deleteIfExists(order(tenantId));
    try (FileChannel folder =
        FileChannel.open(order(tenantId).getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** Whether the tenant is to be deleted. */
  boolean has(String tenantId) {
    return Files.exists(order(tenantId));
  }

  List<String> all() throws IOException {
    Path folder = tenants.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).filter(TenantIds::isValid).toList();
    }
  }

  /**
   * Removes the tenant's folder, and then the order. Being interrupted and repeated does no harm.
   */
  void finish(String tenantId) throws IOException {
    Path folder = tenants.resolve(tenantId);
    Path removed = tenants.resolve(REMOVED + tenantId);
    FolderRemoval.remove(removed);
    if (Files.isDirectory(folder)) {
      // At once, so that no half of a tenant is taken for a whole one.
      Files.move(folder, removed, StandardCopyOption.ATOMIC_MOVE);
      FolderRemoval.remove(removed);
    }
    Files.deleteIfExists(order(tenantId));
  }

  private Path order(String tenantId) {
    return tenants.resolve(FOLDER).resolve(tenantId);
  }
}
