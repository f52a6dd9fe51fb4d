using System.Text.Json.Serialization;

namespace Vox.OperatorTool.Doctor;

/// <param name="Level"><c>ok</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Remedy">What to do; null when nothing is wrong.</param>
/// <param name="Value">What the app said of itself, to be compared with what is seen from outside.</param>
internal sealed record Finding(string Check, string Level, string Text, string? Remedy, [property: JsonIgnore] string? Value = null)
{
    public static Finding Ok(string check, string text) => new(check, "ok", text, null);

    public static Finding Warning(string check, string text, string remedy) => new(check, "warning", text, remedy);

    public static Finding Error(string check, string text, string remedy) => new(check, "error", text, remedy);
}
