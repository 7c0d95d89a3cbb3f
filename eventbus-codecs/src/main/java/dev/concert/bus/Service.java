package dev.concert.bus;

import dev.concert.error.ErrorCode;

/** A service of Concert, as its callers on the bus know it. */
public enum Service {
  /** Podium, the agent coordinator. Critical: without it no turn runs. */
  PODIUM("podium", "Podium", ErrorCode.PODIUM_UNAVAILABLE),
  /** Chronicle, the versioned workspace. It runs beside Podium and fails with it. */
  CHRONICLE("chronicle", "Chronicle", ErrorCode.PODIUM_UNAVAILABLE),
  /** Ensemble, the inference router. Without it the platform is degraded. */
  ENSEMBLE("ensemble", "Ensemble", ErrorCode.ENSEMBLE_UNAVAILABLE),
  /** The gateway, which Ensemble asks for credit and bridges for what clients ask. */
  GATEWAY("gateway", "The gateway", ErrorCode.TIMEOUT),
  /** The work on GitHub, which the gateway gives GitHub's webhooks. */
  GITHUB("github", "The GitHub service", ErrorCode.BRIDGES_UNAVAILABLE),
  /** The chat bridges, which the gateway gives the webhooks of chat platforms. */
  BRIDGES("bridges", "The chat service", ErrorCode.BRIDGES_UNAVAILABLE),
  /** The automation engine, which begins work by itself. */
  AUTOMATIONS("automations", "The automation service", ErrorCode.AUTOMATIONS_UNAVAILABLE),
  /** The folders of a developer's machine, which only the developer's own server has. */
  PROJECTS("projects", "The project service", ErrorCode.NOT_FOUND),
  /** What each node of a cluster answers about itself. */
  NODE("node", "Node", ErrorCode.PODIUM_UNAVAILABLE);

  private final String wireName;
  private final String title;
  private final ErrorCode unavailable;

  Service(String wireName, String title, ErrorCode unavailable) {
    this.wireName = wireName;
    this.title = title;
    this.unavailable = unavailable;
  }

  /** Name on the bus: the address of any instance, and the first part of an owner's address. */
  public String wireName() {
    return wireName;
  }

  /** Name in sentences. */
  public String title() {
    return title;
  }

  /** Code of a request that finds nobody to answer it. */
  public ErrorCode unavailable() {
    return unavailable;
  }

  /** Address of this service on one node, for example {@code podium@host-1}. */
  String on(String node) {
    return wireName + "@" + node;
  }
}
