package dev.concert.coordinator.cgroup;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a control group limits. */
public enum CgroupController {
  MEMORY("memory.limit_in_bytes", "memory.max"),
  CPU("cpu.cfs_quota_us", "cpu.max"),
  PIDS("pids.max", "pids.max");

  private final String file1;
  private final String file2;

  CgroupController(String file1, String file2) {
    this.file1 = file1;
    this.file2 = file2;
  }

  String kernelName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The file of a group that holds the limit. */
  String limitFile(CgroupVersion version) {
    return version == CgroupVersion.V1 ? file1 : file2;
  }

  /** Those of the kernel's names that are known here. */
  static Set<CgroupController> of(List<String> kernelNames) {
    Set<CgroupController> found = EnumSet.noneOf(CgroupController.class);
    Arrays.stream(values())
        .filter(controller -> kernelNames.contains(controller.kernelName()))
        .forEach(found::add);
    return found;
  }
}
