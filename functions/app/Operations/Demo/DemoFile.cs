namespace Vox.Operations.Demo;

/// <summary><c>.local/demo.json</c>: what a script needs to use the demo project.</summary>
internal sealed record DemoFile(string ApiBase, string ProjectId, string AuthToken, IReadOnlyList<DemoUser> Users);

internal sealed record DemoUser(string Username, string Password);
