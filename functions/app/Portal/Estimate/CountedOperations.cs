namespace Vox.Portal.Estimate;

/// <summary>
/// What operations take, counted on the running app by <c>Vox.Benchmarks costs</c>. With <c>--write</c> it replaces the figures here and in
/// docs/costs.md; a test sees to it that they are the same.
/// </summary>
internal static class CountedOperations
{
    public const string Message = "1:1 message over the client API";
    public const string FirstMessage = "1:1 message, the first of a conversation that an instance meets";
    public const string RestMessage = "1:1 message over REST, with password";
    public const string Receipt = "delivered and read receipt of a message";
    public const string Typing = "signal that somebody types";
    public const string LogIn = "log-in, contacts, conversations, live channel";
    public const string Connection = "connection that begins and ends, three contacts online";
    public const string Refresh = "renewal of the access token";
    public const string Beat = "sign of life of a connection";
    public const string Page = "page of 50 messages";
    public const string Sync = "catching up after a break";
    public const string LogPage = "page of 50 of the project's log";

    public static IReadOnlyList<Operation> All { get; } =
    [
        // counted: begin
        new(Message, 1, 2, 2),
        new(FirstMessage, 1, 5, 2),
        new(RestMessage, 1, 3.14, 2),
        new(Receipt, 1, 1, 2),
        new(Typing, 1, 1, 2),
        new(LogIn, 4, 6.06, 0),
        new(Connection, 2, 22, 9),
        new(Refresh, 1, 3.02, 0),
        new(Beat, 1, 1.54, 0),
        new(Page, 1, 1, 0),
        new(Sync, 1, 3, 0),
        new(LogPage, 1, 1.02, 0),
        // counted: end
    ];

    public static Operation Of(string name) => All.First(operation => operation.Name == name);
}
