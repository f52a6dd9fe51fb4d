namespace Vox.Operations.Demo;

/// <summary>A ready-made project for development. Section <c>Demo</c>; off unless a file is named.</summary>
public sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>
    /// Where to write the demo project's keys, for scripts; <c>.local/demo.json</c> on local start. Default: none, no demo.
    /// </summary>
    public string? File { get; set; }

    /// <summary>Base address for clients of the app. Default: none, <c>http://localhost:7071</c>; a local start follows its port.</summary>
    public string? ApiBase { get; set; }
}
