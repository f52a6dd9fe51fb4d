namespace Vox.Platform.Queues;

/// <summary>A queue that the app writes to and a function of it reads. Each is registered, so that the self-check knows all.</summary>
/// <param name="Setting">The setting that has its name: the trigger reads the same one.</param>
/// <param name="ByDefault">The name where the setting is not there.</param>
/// <param name="What">What waits there, for people: <c>events of webhooks</c>.</param>
internal sealed record AppQueue(string Setting, string ByDefault, string What);
