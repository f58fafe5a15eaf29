// Stand-ins for immediate-mode user interfaces.
using System;

namespace UnityEngine
{
    public class Texture : Object { public int width { get; set; } public int height { get; set; } }

    public class Texture2D : Texture
    {
        public static Texture2D whiteTexture { get { return new Texture2D(1, 1); } }
        public Texture2D(int width, int height) { this.width = width; this.height = height; }
        public void SetPixel(int x, int y, Color color) { }
        public void SetPixels(Color[] colors) { }
        public void Apply() { }
    }

    public enum TextAnchor { UpperLeft, UpperCenter, UpperRight, MiddleLeft, MiddleCenter, MiddleRight, LowerLeft, LowerCenter, LowerRight }
    public enum FontStyle { Normal, Bold, Italic, BoldAndItalic }
    public enum ScaleMode { StretchToFill, ScaleAndCrop, ScaleToFit }

    public class GUIContent
    {
        public static GUIContent none { get { return new GUIContent(""); } }
        public string text { get; set; }
        public string tooltip { get; set; }
        public GUIContent(string text) { this.text = text; }
        public GUIContent(string text, string tooltip) { this.text = text; this.tooltip = tooltip; }
    }

    public class GUIStyleState { public Color textColor { get; set; } public Texture2D background { get; set; } }

    public class RectOffset { public RectOffset(int left, int right, int top, int bottom) { } }

    public class GUIStyle
    {
        public GUIStyle() { normal = new GUIStyleState(); }
        public GUIStyle(GUIStyle other) { normal = new GUIStyleState(); }
        public GUIStyleState normal { get; set; }
        public int fontSize { get; set; }
        public FontStyle fontStyle { get; set; }
        public TextAnchor alignment { get; set; }
        public bool wordWrap { get; set; }
        public bool richText { get; set; }
        public RectOffset padding { get; set; }
        public float CalcHeight(GUIContent content, float width) { return Sheet.HeightOf(content.text, this, width); }
        public Vector2 CalcSize(GUIContent content) { return new Vector2(60, 18); }
    }

    public class GUISkin : Object
    {
        public GUIStyle label { get { return new GUIStyle(); } }
        public GUIStyle box { get { return new GUIStyle(); } }
        public GUIStyle button { get { return new GUIStyle(); } }
        public GUIStyle toggle { get { return new GUIStyle(); } }
        public GUIStyle window { get { return new GUIStyle(); } }
    }

    public class GUILayoutOption { }

    public static class GUI
    {
        public delegate void WindowFunction(int id);
        public static Color color { get; set; }
        public static Matrix4x4 matrix { get; set; }
        public static bool enabled { get; set; }
        public static int depth { get; set; }
        public static void SetNextControlName(string name) { }
        public static void FocusControl(string name) { GUIUtility.keyboardControl = 1; }
        public static GUISkin skin { get { return new GUISkin(); } }
        public static void Label(Rect place, string text) { Sheet.Draw("label", place, text, null); }
        public static void Label(Rect place, string text, GUIStyle style) { Sheet.Draw("label", place, text, style); }
        public static void Box(Rect place, string text) { }
        public static bool Button(Rect place, string text) { return false; }
        public static void DrawTexture(Rect place, Texture image) { Sheet.Draw("fill", place, "", null); }
        public static void DrawTexture(Rect place, Texture image, ScaleMode mode) { }
        public static Rect Window(int id, Rect place, WindowFunction draw, string title) { draw(id); return place; }
    }

    public static class GUILayout
    {
        public static void Label(string text, params GUILayoutOption[] options) { Sheet.Take("label", text, null); }
        public static void Label(string text, GUIStyle style, params GUILayoutOption[] options) { Sheet.Take("label", text, style); }
        public static bool Button(string text, GUIStyle style, params GUILayoutOption[] options) { Sheet.Take("button", text, style); return false; }
        public static bool Toggle(bool value, string text, GUIStyle style, params GUILayoutOption[] options) { Sheet.Take("toggle", text, style); return value; }
        public static bool Button(string text, params GUILayoutOption[] options) { Sheet.Take("button", text, null); return false; }
        public static bool Toggle(bool value, string text, params GUILayoutOption[] options) { Sheet.Take("toggle", text, null); return value; }
        public static float HorizontalSlider(float value, float left, float right, params GUILayoutOption[] options) { return value; }
        public static string TextField(string text, params GUILayoutOption[] options) { Sheet.Take("field", text, null); return text; }
        public static void BeginArea(Rect place) { Sheet.Begin("area", place); }
        public static void BeginArea(Rect place, GUIStyle style) { }
        public static void EndArea() { Sheet.End("area"); }
        public static void BeginHorizontal(params GUILayoutOption[] options) { Sheet.Begin("row", new Rect()); }
        public static void EndHorizontal() { Sheet.End("row"); }
        public static void BeginVertical(params GUILayoutOption[] options) { }
        public static void BeginVertical(GUIStyle style, params GUILayoutOption[] options) { }
        public static void EndVertical() { }
        public static Vector2 BeginScrollView(Vector2 position, params GUILayoutOption[] options) { Sheet.Begin("scroll", new Rect(), position.y); return position; }
        public static void EndScrollView() { Sheet.End("scroll"); }
        public static void Space(float pixels) { Sheet.Take("space", null, null, 0, pixels); }
        public static void FlexibleSpace() { Sheet.Take("flexible", null, null); }
        public static GUILayoutOption Width(float width) { return null; }
        public static GUILayoutOption Height(float height) { return null; }
        public static GUILayoutOption ExpandWidth(bool expand) { return null; }
    }

    public static class GUIUtility
    {
        public static int keyboardControl { get; set; }
        public static Vector2 ScreenToGUIPoint(Vector2 point) { return point; }
    }

    public static class GUILayoutUtility
    {
        /// <summary>For tests: where everything is laid out.</summary>
        public static Rect Last;
        public static Rect GetLastRect() { return Sheet.Active ? Sheet.LastPlace : Last; }
        public static Rect GetRect(float width, float height) { return Sheet.Take("", null, null, width, height); }
        public static Rect GetRect(float width, float height, params GUILayoutOption[] options) { return Sheet.Take("", null, null, width, height); }
    }

    public enum EventType { MouseDown, MouseUp, Repaint, Layout, KeyDown, KeyUp }

    public class Event
    {
        private static Event _current = new Event();
        public static Event current { get { return _current; } set { _current = value; } }
        public EventType type { get; set; }
        public EventType rawType { get { return type; } }
        public KeyCode keyCode { get; set; }
        public Vector2 mousePosition { get; set; }
        public Event() { type = EventType.Repaint; }
    }
}
