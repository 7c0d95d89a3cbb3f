package dev.concert.platform.project;

import java.util.List;

/**
 * @param changed paths that are as they should be now
 * @param conflicts paths that were left as they are, because the user changed them as well
 */
public record ApplyResult(List<String> changed, List<String> conflicts) {}
