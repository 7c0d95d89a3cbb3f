package dev.concert.coordinator.cgroup;

/** The two interfaces that the kernel has for control groups. */
public enum CgroupVersion {
  V1,
  V2
}
