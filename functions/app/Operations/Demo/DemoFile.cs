namespace Vox.Operations.Demo;

/// <summary><c>.local/demo.json</c>: what a script needs to use the demo project.</summary>
public sealed record DemoFile(string ApiBase, string ProjectId, string AuthToken, IReadOnlyList<DemoUser> Users);

public sealed record DemoUser(string Username, string Password);
