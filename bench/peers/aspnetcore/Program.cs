using Microsoft.AspNetCore.SignalR;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSignalR();
var app = builder.Build();
app.MapHub<BenchHub>("/hub");
app.MapGet("/gc", () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"port {new Uri(app.Urls.First()).Port}"));
app.Run();

public record BenchMessage(int N, string Text);

/// <summary>The same hub as the others: everyone is in one group, and one call sends it some messages.</summary>
public class BenchHub : Hub
{
    private static readonly string Text = new('x', 230);

    public override Task OnConnectedAsync() => Groups.AddToGroupAsync(Context.ConnectionId, "room");

    public async Task Publish(int first, int count)
    {
        var sent = new Task[count];
        for (var i = 0; i < count; i++)
        {
            sent[i] = Clients.Group("room").SendAsync("Message", new BenchMessage(first + i, Text));
        }
        await Task.WhenAll(sent);
    }
}
