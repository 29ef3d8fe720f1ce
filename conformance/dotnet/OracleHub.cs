using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

/// <summary>The same methods, one for one, as in oracle/oracle-hub.ts.</summary>
public class OracleHub : Hub
{
    public string Echo(string value) => value;

    public object? EchoAny(object? value) => value;

    public int Add(int left, int right) => left + right;

    public void Nothing() { }

    public Task NothingLater() => Task.Delay(1);

    public string? WhoAmI() => Context.UserIdentifier;

    public string Transport() => Context.Features.Get<IHttpTransportFeature>()!.TransportType.ToString();

    public void Fail() => throw new InvalidOperationException("secret");

    public void FailOpenly() => throw new HubException("told");

    public async Task<int> Wait(int milliseconds)
    {
        await Task.Delay(milliseconds);
        return milliseconds;
    }

    [Authorize("admin")]
    public string Restricted() => "admin";

    public async Task Push(int count)
    {
        for (var index = 0; index < count; index++) await Clients.Caller.SendAsync("Message", index);
    }

    public async Task SendTo(string whom, string text)
    {
        await (whom switch
        {
            "all" => Clients.All,
            "caller" => Clients.Caller,
            "others" => Clients.Others,
            _ => Clients.Group(whom),
        }).SendAsync("Message", text);
    }

    public Task Join(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

    public Task Leave(string group) => Groups.RemoveFromGroupAsync(Context.ConnectionId, group);

    public void Abort() => Context.Abort();

    public async Task<string> Ask(string question) =>
        "answer: " + await Clients.Caller.InvokeAsync<string>("Ask", question, Context.ConnectionAborted);

    public IAsyncEnumerable<int> Count(int count) => Numbers(count);

    public ChannelReader<int> CountByChannel(int count)
    {
        var channel = Channel.CreateUnbounded<int>();
        for (var index = 0; index < count; index++) channel.Writer.TryWrite(index);
        channel.Writer.Complete();
        return channel.Reader;
    }

    public async IAsyncEnumerable<int> BreakOpenly()
    {
        yield return 1;
        await Task.Yield();
        throw new HubException("broken");
    }

    public async IAsyncEnumerable<int> Break()
    {
        yield return 1;
        await Task.Yield();
        throw new InvalidOperationException("secret");
    }

    public IAsyncEnumerable<int> FailToStream() => throw new InvalidOperationException("secret");

    public IAsyncEnumerable<int>? StreamNothing() => null;

    public async IAsyncEnumerable<int> Forever([EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return 0;
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    public async Task<int> Sum(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers) sum += number;
        return sum;
    }

    public async Task<string> Join2(string separator, IAsyncEnumerable<string> left, IAsyncEnumerable<string> right)
    {
        var text = "";
        await foreach (var item in left) text += item;
        text += separator;
        await foreach (var item in right) text += item;
        return text;
    }

    public IAsyncEnumerable<int> EchoStream(IAsyncEnumerable<int> numbers) => numbers;

    static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (var index = 0; index < count; index++)
        {
            await Task.Yield();
            yield return index;
        }
    }
}

/// <summary>Shows the names and messages of errors.</summary>
public class DetailedHub : OracleHub;

/// <summary>Short times.</summary>
public class HastyHub : OracleHub;

/// <summary>Takes messages of at most 1,024 bytes.</summary>
public class SmallHub : OracleHub;

/// <summary>Takes those only who show a token.</summary>
[Authorize]
public class AuthorizedHub : OracleHub;

/// <summary>Fails to take a connection.</summary>
public class FailingHub : OracleHub
{
    public override Task OnConnectedAsync() => throw new InvalidOperationException("secret");
}

public class FailingOpenlyHub : OracleHub
{
    public override Task OnConnectedAsync() => throw new HubException("told");
}

/// <summary>Ends a connection as soon as it is there.</summary>
public class AbortingHub : OracleHub
{
    public override Task OnConnectedAsync()
    {
        Context.Abort();
        return Task.CompletedTask;
    }
}
