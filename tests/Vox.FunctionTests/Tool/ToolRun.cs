using System.Text.Json;
using Vox.OperatorTool;
using Vox.Tests.Fixture;

namespace Vox.Tests.Tool;

/// <summary>Runs <c>vox</c> as somebody at a terminal does.</summary>
internal sealed record ToolRun(int Exit, string Output, string Error)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    public static Task<ToolRun> OfAsync(VoxApp app, params string[] arguments) => OfAsync(app.Address, null, arguments);

    public static async Task<ToolRun> OfAsync(Uri address, TimeProvider? time, params string[] arguments)
    {
        var variables = new Dictionary<string, string> { ["VOX_URL"] = address.ToString(), ["VOX_KEY"] = "local-master-key" };
        return await OfAsync(variables, time, arguments);
    }

    public static async Task<ToolRun> OfAsync(
        Dictionary<string, string> variables, TimeProvider? time, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await new VoxTool(new Surroundings
        {
            Output = output,
            Error = error,
            Variable = variables.GetValueOrDefault,
            Time = time ?? TimeProvider.System,
            Patience = TimeSpan.FromSeconds(5),
        }).RunAsync(arguments);
        return new ToolRun(exit, output.ToString(), error.ToString());
    }
}
