using System;
using System.Collections.Generic;
using Sentio.Demos;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Plays a demo frame by frame, and records values.</summary>
    public sealed class DemoRunner<T> where T : Demo
    {
        /// <summary>Seconds of one frame.</summary>
        public const float Step = 1f / 60;

        /// <summary>The demo.</summary>
        public readonly T Demo;

        /// <summary>Opens a demo in an empty scene, as the menu does; it begins with a simulated person.</summary>
        public DemoRunner()
        {
            Stage.Reset();
            Demo = new GameObject("Demo").AddComponent<T>();
        }

        /// <summary>The simulated person.</summary>
        public SentioSimulator Person { get { return (SentioSimulator)Demo.Feed; } }

        /// <summary>Follows the recording that comes with the demos.</summary>
        public SentioPlayer Recorded()
        {
            Demo.Source = DemoSource.Recording;
            var player = (SentioPlayer)Demo.Feed;
            player.Path = Environment.GetEnvironmentVariable("SENTIO_RECORDING");
            player.Play();
            return player;
        }

        /// <summary>Plays for some seconds; returns a value after each frame.</summary>
        public List<float> Play(float seconds, Func<T, float> value)
        {
            var course = new List<float>();
            for (int i = 0; i < seconds * 60; i++)
            {
                Stage.Frame(Step);
                course.Add(value(Demo));
            }
            return course;
        }

        /// <summary>Plays for some seconds.</summary>
        public void Play(float seconds) { Play(seconds, unused => 0); }

        /// <summary>Presses and releases a key.</summary>
        public void Press(KeyCode key)
        {
            foreach (EventType type in new[] { EventType.KeyDown, EventType.KeyUp })
            {
                Event.current = new Event { type = type, keyCode = key };
                Stage.Call(Demo, "OnGUI");
            }
            Event.current = new Event();
        }

        /// <summary>Largest rise per second of a series.</summary>
        public static float FastestRise(List<float> course)
        {
            float most = 0;
            for (int i = 1; i < course.Count; i++) most = Math.Max(most, (course[i] - course[i - 1]) / Step);
            return most;
        }

        /// <summary>The most flashes in any second: pairs of opposing changes of a tenth (WCAG 2.2).</summary>
        public static int Flashes(List<float> luminance)
        {
            var turns = new List<int>();
            float low = luminance[0], high = luminance[0];
            int way = 0;
            for (int i = 0; i < luminance.Count; i++)
            {
                low = Math.Min(low, luminance[i]);
                high = Math.Max(high, luminance[i]);
                int now = luminance[i] - low >= 0.1f && way != 1 ? 1 : high - luminance[i] >= 0.1f && way != -1 ? -1 : 0;
                if (now == 0) continue;
                way = now;
                low = high = luminance[i];
                turns.Add(i);
            }
            int most = 0;
            for (int i = 0; i < turns.Count; i++) most = Math.Max(most, turns.FindAll(at => at >= turns[i] && at < turns[i] + 60).Count);
            return most / 2;
        }

        /// <summary>Largest less least.</summary>
        public static float Range(List<float> course)
        {
            float low = float.PositiveInfinity, high = float.NegativeInfinity;
            foreach (float value in course)
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
            return high - low;
        }
    }
}
