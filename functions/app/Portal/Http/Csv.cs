using System.Text;

namespace Vox.Portal.Http;

/// <summary>
/// Tables as text, which spreadsheets open (RFC 4180, UTF-8 with a byte order mark). A field that a spreadsheet would take for a formula
/// gets an apostrophe in front: what users write must not run on the computer of the person who exports it.
/// </summary>
internal static class Csv
{
    public static void Append(StringBuilder text, params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Field(fields[i]));
        }

        text.Append("\r\n");
    }

    public static string Field(string value)
    {
        // Also behind blanks, because some programs skip them. A plain number is not a formula.
        if (value.AsSpan().TrimStart() is [var first, ..]
            && (first is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20' || value[0] is '\t' or '\r')
            && !IsNumber(value))
        {
            value = "'" + value;
        }

        return value.AsSpan().IndexOfAny("\",\r\n\t;") >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }

    private static bool IsNumber(string value) =>
        value.Length < 20 && value[0] == '-' && decimal.TryParse(
            value, System.Globalization.NumberStyles.AllowLeadingSign | System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out _);
}
