using System.Globalization;
using System.Net;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>What a deployment costs, as the portal tells it.</summary>
public sealed class EstimateTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Estimate_TenThousandUsers_IsWhatTheDocumentSays()
    {
        using var client = await portal.NewDeveloperAsync();
        var estimate = await client.GetAsync("estimate?users=10000");
        var row = Documented("10,000");
        Assert.Equal(row.Sum, Math.Round(estimate.GetProperty("sum").GetDouble()));
        Assert.Equal(row.Units, estimate.GetProperty("signalRUnits").GetDouble());
        Assert.Equal(
            estimate.GetProperty("sum").GetDouble(),
            estimate.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("amount").GetDouble()),
            tolerance: 0.1);
    }

    [Fact]
    public async Task Estimate_WhatTheOperatorChooses_Counts()
    {
        using var client = await portal.NewDeveloperAsync();
        var usual = await SumAsync("");
        Assert.True(await SumAsync("&memory=2048") > usual);
        Assert.True(await SumAsync("&replicated=false") < usual);
        Assert.Equal(usual + 35, await SumAsync("&frontDoor=true"), tolerance: 0.1);
        Assert.True(await SumAsync("&peakPercent=20") > usual);
        Assert.True(await SumAsync("&messagesADay=0&dailyPercent=0") < usual);

        async Task<double> SumAsync(string more) =>
            (await client.GetAsync("estimate?users=10000" + more)).GetProperty("sum").GetDouble();
    }

    [Theory]
    [InlineData("", "users")]
    [InlineData("users=0", "users")]
    [InlineData("users=ten", "users")]
    [InlineData("users=100000001", "users")]
    [InlineData("users=10&dailyPercent=101", "dailyPercent")]
    [InlineData("users=10&hoursOnline=25", "hoursOnline")]
    [InlineData("users=10&memory=1024", "memory")]
    [InlineData("users=10&replicated=maybe", "replicated")]
    public async Task Estimate_OfWhatCannotBe_SaysWhichField(string query, string field)
    {
        using var client = await portal.NewDeveloperAsync();
        using var response = await client.SendAsync(HttpMethod.Get, "estimate?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(field, problem.RootElement.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Estimate_WithoutASession_IsRefused()
    {
        using var response = await portal.App.Http.GetAsync(new Uri("/api/portal/v1/estimate?users=10", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>The row of the table "A month" in docs/costs.md.</summary>
    private static (double Units, double Sum) Documented(string users)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoxFunctions.sln")))
        {
            folder = folder.Parent!;
        }

        var cells = File.ReadLines(Path.Combine(folder.FullName, "docs/costs.md"))
            .Single(line => line.StartsWith($"| {users} | ", StringComparison.Ordinal) && line.Contains("**", StringComparison.Ordinal))
            .Split('|', StringSplitOptions.TrimEntries);
        return (Number(cells[5]), Number(cells.Single(cell => cell.StartsWith("**", StringComparison.Ordinal))));

        static double Number(string cell) => double.Parse(cell.Trim('*').Trim('$'), CultureInfo.InvariantCulture);
    }
}
