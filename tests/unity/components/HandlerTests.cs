using System;
using System.Collections.Generic;
using System.Reflection;
using NUnit.Framework;
using Sentio.Behaviour;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Sentio.Tests
{
    /// <summary>A handler of any event may destroy or switch off any component, also the one that raised it.</summary>
    [TestFixture]
    public class HandlerTests
    {
        private const int Frames = 80;

        private Dictionary<string, MonoBehaviour> _parts;
        private Rig _rig;

        private void Build()
        {
            Stage.Reset();
            _rig = new Rig();
            _parts = new Dictionary<string, MonoBehaviour>();
            var feed = Add<SentioSimulator>("feed", one =>
            {
                one.Scenario = SimulatedScenario.Stress;
                one.Realism = SimulatedRealism.Ideal;
            });
            var rails = Add<SentioRails>("rails", one => one.Feed = feed);
            Add<SentioBinding>("binding", one =>
            {
                one.Source = feed;
                one.Rails = rails;
            });
            Add<SentioDirector>("director", one =>
            {
                one.Source = feed;
                one.Rails = rails;
            });
            Add<SentioWhy>("why", one => one.Source = feed);
            Add<SentioBreathing>("breathing", one => one.Source = feed);
            Add<SentioExposure>("exposure", one => one.Source = feed);
            Add<SentioComparison>("comparison", one =>
            {
                one.Source = feed;
                one.Assignment = Assignment.Blocks;
                one.BlockSeconds = 1;
            });
            Add<SentioMarker>("marker", one =>
            {
                one.Feed = feed;
                one.Marker = "enemy_appeared";
            });
        }

        private T Add<T>(string name, Action<T> set) where T : MonoBehaviour
        {
            T made = _rig.Make(set);
            _parts[name] = made;
            return made;
        }

        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void NothingFailsWhateverAHandlerDestroys()
        {
            Build();
            var events = new List<KeyValuePair<string, EventInfo>>();
            foreach (KeyValuePair<string, MonoBehaviour> one in _parts)
                foreach (EventInfo about in one.Value.GetType().GetEvents())
                    if (!about.IsDefined(typeof(ObsoleteAttribute), true)) events.Add(new KeyValuePair<string, EventInfo>(one.Key, about));
            var names = new List<string>(_parts.Keys);
            int raised = 0;
            foreach (KeyValuePair<string, EventInfo> one in events)
                foreach (string victim in names)
                    foreach (bool destroys in new[] { true, false })
                        if (Raise(one.Key, one.Value, victim, destroys)) raised++;
            Assert.Greater(raised, 150, "handlers that were called, of " + events.Count + " events");
        }

        private bool Raise(string owner, EventInfo about, string victim, bool destroys)
        {
            Build();
            int calls = 0;
            Action act = () =>
            {
                if (++calls > 1) return;
                if (destroys) Object.DestroyImmediate(_parts[victim].gameObject);
                else _parts[victim].gameObject.SetActive(false);
            };
            about.AddEventHandler(_parts[owner], Handler(about.EventHandlerType, act));
            try
            {
                for (int i = 0; i < Frames; i++)
                {
                    Use(i);
                    Stage.Frame(0.05f);
                }
            }
            catch (Exception error)
            {
                Assert.Fail(owner + "." + about.Name + " " + (destroys ? "destroys " : "hides ") + victim + ": " + error);
            }
            foreach (string line in Debug.Lines) Assert.IsFalse(line.StartsWith("error", StringComparison.Ordinal), line);
            return calls > 0;
        }

        private void Use(int frame)
        {
            var rails = (SentioRails)_parts["rails"];
            var director = (SentioDirector)_parts["director"];
            var exposure = (SentioExposure)_parts["exposure"];
            var marker = (SentioMarker)_parts["marker"];
            if (marker && frame % 20 == 5) marker.Send();
            if (rails && frame == 20) rails.Freeze("tester");
            if (rails && frame == 25) rails.Unfreeze("tester");
            if (rails && frame == 40) rails.SafeStop();
            if (rails && frame == 55) rails.Restart();
            if (director && frame == 12) director.Enter(PacingState.Relax);
            if (exposure && frame == 10) exposure.StepForward("tester");
            if (exposure && frame == 14) exposure.Hold("tester");
            if (exposure && frame == 18) exposure.Resume("tester");
            if (exposure && frame == 50) exposure.Finish("tester");
        }

        private static Delegate Handler(Type type, Action act)
        {
            Type[] takes = type.GetGenericArguments();
            const BindingFlags Any = BindingFlags.NonPublic | BindingFlags.Static;
            if (takes.Length == 0) return act;
            MethodInfo made = typeof(HandlerTests).GetMethod("Taking" + takes.Length, Any).MakeGenericMethod(takes);
            return (Delegate)made.Invoke(null, new object[] { act });
        }

        private static Action<A> Taking1<A>(Action act) { return a => act(); }

        private static Action<A, B> Taking2<A, B>(Action act) { return (a, b) => act(); }

        private static Action<A, B, C> Taking3<A, B, C>(Action act) { return (a, b, c) => act(); }

        private static Action<A, B, C, D> Taking4<A, B, C, D>(Action act) { return (a, b, c, d) => act(); }
    }
}
